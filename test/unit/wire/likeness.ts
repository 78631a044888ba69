import { types } from 'node:util';

/**
 * All that can be seen of a value, as text: two values of one text are alike in classes, order of properties, holes, the
 * sign of zero. Jest's `toStrictEqual` looks at neither the order nor prototypes of null.
 */
export function likenessOf(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? '-0' : String(value);
  return `${kindOf(value)}${contentOf(value)}{${membersOf(value)}}`;
}

function kindOf(value: object): string {
  const prototype = Object.getPrototypeOf(value) as { constructor: { name: string } } | null;
  return prototype === null ? 'null-prototype' : prototype.constructor.name;
}

function contentOf(value: object): string {
  if (Array.isArray(value)) return `[${value.length}]`;
  if (types.isDate(value)) return `(${value.getTime()})`;
  if (types.isMap(value)) return `(${[...value].flat().map(likenessOf).join()})`;
  if (types.isSet(value)) return `(${[...value].map(likenessOf).join()})`;
  if (types.isAnyArrayBuffer(value)) return `(${Buffer.from(value).toString('hex')})`;
  if (types.isArrayBufferView(value)) {
    return `(${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex')})`;
  }
  return '';
}

function membersOf(value: object): string {
  const names = Reflect.ownKeys(value);
  return names.map((name) => `${String(name)}:${likenessOf((value as Record<PropertyKey, unknown>)[name])}`).join();
}
