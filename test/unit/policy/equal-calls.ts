import { types } from 'node:util';

/** What the arguments of two calls have to have in common for one key, said without encoding anything. */
export function sameCall(one: readonly unknown[], other: readonly unknown[]): boolean {
  for (let index = 0; index < Math.max(one.length, other.length); index++) {
    if (!same(one[index], other[index])) return false;
  }
  return true;
}

export function same(one: unknown, other: unknown): boolean {
  if (typeof one !== 'object' || one === null || typeof other !== 'object' || other === null)
    return Object.is(one, other);
  const kind = kindOf(one);
  if (kind !== kindOf(other)) return false;
  if (types.isDate(one)) return Object.is(one.getTime(), (other as Date).getTime());
  if (types.isMap(one)) return sameList([...one].flat(1), [...(other as Map<unknown, unknown>)].flat(1), one.size * 2);
  if (types.isSet(one)) return sameList([...one], [...(other as Set<unknown>)], one.size);
  if (ArrayBuffer.isView(one)) return sameBytes(one, other as ArrayBufferView);
  return sameMembers(one, other) && (one as { length?: unknown }).length === (other as { length?: unknown }).length;
}

function kindOf(value: object): string {
  if (Array.isArray(value)) return 'array';
  if (types.isDate(value)) return 'date';
  if (types.isMap(value)) return 'map';
  if (types.isSet(value)) return 'set';
  return ArrayBuffer.isView(value) ? value.constructor.name : 'object';
}

function sameList(one: readonly unknown[], other: readonly unknown[], length: number): boolean {
  return other.length === length && one.every((item, index) => same(item, other[index]));
}

function sameBytes(one: ArrayBufferView, other: ArrayBufferView): boolean {
  const a = new Uint8Array(one.buffer, one.byteOffset, one.byteLength);
  const b = new Uint8Array(other.buffer, other.byteOffset, other.byteLength);
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

function sameMembers(one: object, other: object): boolean {
  const names = Object.keys(one);
  const has = (name: string): boolean => Object.prototype.propertyIsEnumerable.call(other, name);
  if (names.length !== Object.keys(other).length) return false;
  return names.every(
    (name) => has(name) && same((one as Record<string, unknown>)[name], (other as Record<string, unknown>)[name]),
  );
}

/** An equal value that shares no object with the first, and whose properties were made in the opposite order. */
export function rebuilt(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (types.isDate(value)) return new Date(value.getTime());
  if (types.isMap(value)) return new Map([...value].map(([key, item]) => [rebuilt(key), rebuilt(item)]));
  if (types.isSet(value)) return new Set([...value].map(rebuilt));
  if (Buffer.isBuffer(value)) return Buffer.from(value);
  if (types.isTypedArray(value)) return value.slice();
  const copy: object = Array.isArray(value)
    ? Object.assign([], { length: value.length })
    : (Object.create(Object.getPrototypeOf(value) === null ? Object.prototype : null) as object);
  for (const name of Object.keys(value).reverse()) {
    const item = rebuilt((value as Record<string, unknown>)[name]);
    Object.defineProperty(copy, name, { value: item, enumerable: true, configurable: true, writable: true });
  }
  return copy;
}
