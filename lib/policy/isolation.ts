import { types } from 'node:util';

/** How readers are kept apart: one frozen copy for all, a copy for each, or no copy at all. */
export type Isolation = 'freeze' | 'clone' | 'share';

/** A value as it is stored, and whether its readers may share it or need a copy each. */
export interface Isolated {
  readonly value: unknown;
  readonly form: 'shared' | 'cloned';
}

/** Copies a value so that neither the loader nor a reader can change what another reader sees. */
export function isolate(value: unknown, isolation: Isolation): Isolated {
  if (typeof value !== 'object' || value === null || isolation === 'share') return { value, form: 'shared' };
  const copier = new Copier();
  const copy = copier.copy(value);
  if (isolation === 'clone' || copier.metUnfreezable) return { value: copy, form: 'cloned' };
  copier.freeze();
  return { value: copy, form: 'shared' };
}

/** The same for a value that nobody else has: it needs no copy, and is frozen as it is. */
export function adopt(value: unknown, isolation: Isolation): Isolated {
  if (typeof value !== 'object' || value === null || isolation === 'share') return { value, form: 'shared' };
  if (isolation === 'clone' || !freezeAll(value)) return { value, form: 'cloned' };
  return { value, form: 'shared' };
}

/** Freezes arrays and plain objects, down to what cannot be frozen; says whether there was nothing of that. */
function freezeAll(root: object): boolean {
  const pending: object[] = [root];
  const queue = (value: unknown): void => {
    if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) pending.push(value);
  };
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    if (isPlainArray(value)) value.forEach(queue);
    else if (isPlainObject(value)) Object.values(value).forEach(queue);
    else if (copyOfBuiltIn(value) !== undefined) return false;
    else continue;
    Object.freeze(value);
  }
  return true;
}

/** A reader's own copy of a value whose form is `cloned`. */
export function cloneForReader(value: unknown): unknown {
  return new Copier().copy(value);
}

/**
 * Copies arrays, plain objects, dates, maps, sets and binary data; everything else is an instance of a class whose
 * private state cannot be seen, and is shared as it is. Works through a list instead of the stack, so that no depth
 * overflows, and remembers what it met, so that cycles and shared parts stay what they were.
 */
class Copier {
  metUnfreezable = false;
  readonly #copies = new Map<object, object>();
  readonly #unfilled: (() => void)[] = [];

  copy(value: unknown): unknown {
    const copy = this.#shell(value);
    for (let fill = this.#unfilled.pop(); fill !== undefined; fill = this.#unfilled.pop()) fill();
    return copy;
  }

  freeze(): void {
    for (const copy of this.#copies.values()) Object.freeze(copy);
  }

  #shell(value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return value;
    return this.#copies.get(value) ?? this.#newShell(value);
  }

  #newShell(source: object): object {
    if (isPlainArray(source)) {
      const copy = copyOfArray(source);
      return this.#queue(source, copy, () => this.#isolateMembers(copy));
    }
    if (isPlainObject(source)) {
      const copy = copyOfObject(source);
      return this.#queue(source, copy, () => this.#isolateMembers(copy));
    }
    return this.#unfreezableShell(source) ?? source;
  }

  #unfreezableShell(source: object): object | undefined {
    const copy = copyOfBuiltIn(source);
    if (copy === undefined) return undefined;
    this.metUnfreezable = true;
    if (copy instanceof Map)
      return this.#queue(source, copy, () => this.#fillMap(source as Map<unknown, unknown>, copy));
    if (copy instanceof Set) return this.#queue(source, copy, () => this.#fillSet(source as Set<unknown>, copy));
    this.#copies.set(source, copy);
    return copy;
  }

  #queue(source: object, copy: object, fill: () => void): object {
    this.#copies.set(source, copy);
    this.#unfilled.push(fill);
    return copy;
  }

  /** Replaces what a shallow copy still shares with its source. */
  #isolateMembers(copy: object): void {
    const members = copy as Record<string | symbol, unknown>;
    for (const name of Reflect.ownKeys(copy)) {
      const member = members[name];
      if (typeof member !== 'object' || member === null) continue;
      const isolated = this.#shell(member);
      if (isolated !== member) assign(copy, name, isolated);
    }
  }

  #fillMap(source: ReadonlyMap<unknown, unknown>, copy: Map<unknown, unknown>): void {
    for (const [key, value] of source) copy.set(this.#shell(key), this.#shell(value));
  }

  #fillSet(source: ReadonlySet<unknown>, copy: Set<unknown>): void {
    for (const item of source) copy.add(this.#shell(item));
  }
}

/** With its holes and its named properties. `slice` would visit every index, also of an array that is 10^8 long and empty. */
function copyOfArray(source: readonly unknown[]): unknown[] {
  const names = Object.keys(source);
  const copy = isDense(source, names) ? source.slice() : assignAll([], source, ['length', ...names]);
  return assignAll(copy, source, shownSymbolsOf(source));
}

/** Whether an array is its items and nothing else: indexes come first among the names. */
export function isDense(array: readonly unknown[], names: readonly string[]): boolean {
  return names.length === array.length && (names.length === 0 || names.at(-1) === String(array.length - 1));
}

/** A shallow copy of the own enumerable properties, those named by symbols included. */
function copyOfObject(source: object): object {
  const names = Object.keys(source);
  const copy = Object.getPrototypeOf(source) === null ? (Object.create(null) as object) : roomFor(names.length);
  return assignAll(assignAll(copy, source, names), source, shownSymbolsOf(source));
}

function shownSymbolsOf(source: object): readonly symbol[] {
  const symbols = Object.getOwnPropertySymbols(source);
  return symbols.filter((symbol) => Object.prototype.propertyIsEnumerable.call(source, symbol));
}

function assignAll<T extends object>(target: T, source: object, names: readonly (string | symbol)[]): T {
  for (const name of names) assign(target, name, (source as Record<string | symbol, unknown>)[name]);
  return target;
}

type PlainObjectMaker = new () => object;

/** One maker per number of properties, up to what V8 keeps inside an object of unknown purpose. */
const MAKERS = Array.from({ length: 9 }, (): PlainObjectMaker => {
  const maker = function () {} as unknown as PlainObjectMaker;
  maker.prototype = Object.prototype;
  return maker;
});

/**
 * An empty plain object with room for so many properties inside. V8 gives an object the room that others of its maker
 * came to need; a literal `{}` has room for four, and keeps the fifth in a second object.
 */
function roomFor(properties: number): object {
  const Maker = MAKERS[Math.min(properties, MAKERS.length - 1)] as PlainObjectMaker;
  return new Maker();
}

/** Assigning a name that is inherited, `__proto__` above all, may do something else, or be refused. */
function assign(target: object, name: string | symbol, value: unknown): void {
  if (name in Object.prototype) define(target, name, value);
  else (target as Record<string | symbol, unknown>)[name] = value;
}

function define(target: object, name: string | symbol, value: unknown): void {
  Object.defineProperty(target, name, { value, writable: true, enumerable: true, configurable: true });
}

/** The own copy of a built-in that cannot be frozen; undefined for everything else, subclasses of them included. */
function copyOfBuiltIn(source: object): object | undefined {
  const name = classNameOf(source);
  if (types.isDate(source)) return name === 'Date' ? new Date(source.getTime()) : undefined;
  if (types.isMap(source)) return name === 'Map' ? new Map() : undefined;
  if (types.isSet(source)) return name === 'Set' ? new Set() : undefined;
  if (Buffer.isBuffer(source)) return Buffer.from(source);
  if (types.isTypedArray(source)) return source.slice();
  if (types.isArrayBuffer(source)) return source.slice(0);
  if (types.isDataView(source)) {
    return new DataView(source.buffer.slice(source.byteOffset, source.byteOffset + source.byteLength));
  }
  return undefined;
}

function isPlainArray(value: object): value is unknown[] {
  return Array.isArray(value) && classNameOf(value) === 'Array';
}

/** Plain in whichever realm it was made: by a literal, `JSON.parse`, or `Object.create(null)`. */
export function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return true;
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype as object, 'isPrototypeOf');
}

/** The name of the class that made an object, in whichever realm; '' when there is none to be found. */
export function classNameOf(value: object): string {
  const prototype = Object.getPrototypeOf(value) as { constructor?: unknown } | null;
  const maker = prototype?.constructor;
  return typeof maker === 'function' ? maker.name : '';
}
