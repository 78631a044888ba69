import { types } from 'node:util';
import { oneLine } from '../core/errors.js';
import { classNameOf, isDense, isPlainObject } from '../policy/isolation.js';
import { isOfBuiltIn } from './built-in.js';
import { type BinaryPart, binaryPartOf, isBinary } from './binary-kinds.js';
import type { WireLimits } from './limits.js';
import {
  BIG_INT,
  BINARY,
  DATE,
  HOLE,
  INFINITE,
  INSTANCE,
  MAP,
  MARK,
  MARK_CODE,
  MINUS_INFINITE,
  MINUS_ZERO,
  NOT_A_NUMBER,
  NULL_PROTOTYPE,
  SET,
  UNDEFINED,
} from './marks.js';
import { NotWritableError } from './wire-errors.js';

/** A class whose instances are written as their own enumerable properties. */
export interface RevivedClass {
  /** What its instances have. */
  readonly prototype: object;
}

type Members = Record<string, unknown>;

/**
 * Turns a value into one that `JSON.stringify` writes without loss: the value itself where it is plain, otherwise a copy of
 * what surrounds something that JSON has no word for, with a mark in its place. Reads every property once, and not by
 * running code of the value's own. Depth is bounded, so that it may use the stack.
 */
export class ValueWriter {
  /** The bytes of binary data, in the order of their marks. */
  readonly parts: Uint8Array[] = [];
  readonly #limits: WireLimits;
  readonly #type: RevivedClass | undefined;
  #nodes = 0;
  /** At least so many bytes will be needed. */
  #bytes = 0;
  /** How deep an instance of the class may stand: alone, or among the items of the outermost array. */
  #deepestInstance = 0;

  constructor(limits: WireLimits, type: RevivedClass | undefined) {
    this.#limits = limits;
    this.#type = type;
  }

  writeAll(value: unknown): unknown {
    return this.#write(value, 0);
  }

  #write(value: unknown, depth: number): unknown {
    this.#count(1);
    switch (typeof value) {
      case 'string':
        this.#weigh(value.length);
        return value.charCodeAt(0) === MARK_CODE ? MARK + value : value;
      case 'number':
        return writeNumber(value);
      case 'boolean':
        return value;
      case 'object':
        return value === null ? null : this.#object(value, depth);
      case 'undefined':
        return UNDEFINED;
      case 'bigint':
        return this.#bigInt(value);
      default:
        throw new NotWritableError(`it holds a ${typeof value}`);
    }
  }

  #object(value: object, depth: number): unknown {
    if (depth >= this.#limits.depth) {
      throw new NotWritableError(`it contains itself, or is nested more than ${this.#limits.depth} deep`);
    }
    if (types.isProxy(value)) throw new NotWritableError('it holds a proxy');
    if (Array.isArray(value)) return this.#array(value, depth);
    if (isPlainObject(value)) return this.#plainObject(value, depth);
    return this.#builtIn(value, depth) ?? this.#instance(value, depth);
  }

  #array(items: readonly unknown[], depth: number): readonly unknown[] {
    const isPlain = Object.getPrototypeOf(items) === Array.prototype || isOfBuiltIn(items, 'Array');
    if (!isPlain) throw instanceError(items);
    if (depth === 0) this.#deepestInstance = 1;
    this.#count(items.length);
    const names = Object.keys(items);
    refuseSymbols(items);
    if (!isDense(items, names)) return this.#sparseArray(items, depth, names);
    this.#nodes -= items.length;
    let copy: unknown[] | undefined;
    for (let index = 0; index < items.length; index++) {
      const item = items[index];
      const written = this.#write(item, depth + 1);
      if (written !== item) (copy ??= items.slice())[index] = written;
    }
    return copy ?? items;
  }

  #sparseArray(items: readonly unknown[], depth: number, names: readonly string[]): readonly unknown[] {
    const copy = new Array<unknown>(items.length).fill(HOLE);
    for (const name of names) {
      const index = Number(name);
      if (!(index < items.length) || String(index) !== name)
        throw new NotWritableError('it holds an array with named properties');
      this.#nodes--;
      copy[index] = this.#write(items[index], depth + 1);
    }
    return copy;
  }

  #plainObject(value: object, depth: number): unknown {
    const names = Object.getOwnPropertyNames(value);
    refuseSymbols(value);
    const written = this.#members(value, depth, names);
    if (Object.getPrototypeOf(value) !== null) return written;
    return this.#wrapped(NULL_PROTOTYPE, written);
  }

  /** The object itself if all its members can stay as they are, else a copy with those in place that cannot. */
  #members(value: object, depth: number, names: readonly string[]): object {
    let copy: Members | undefined;
    for (const name of names) {
      const property = Object.getOwnPropertyDescriptor(value, name);
      if (property === undefined || property.enumerable === false) {
        throw new NotWritableError('it holds an object with hidden properties');
      }
      if (property.get !== undefined || property.set !== undefined) {
        throw new NotWritableError('it holds an object with a getter or a setter');
      }
      this.#weigh(name.length);
      const member: unknown = property.value;
      const written = this.#write(member, depth + 1);
      if (written === member) continue;
      copy ??= { ...value };
      // The name is an own property of the copy already, so that not even `__proto__` is more than a name.
      copy[name] = written;
    }
    return copy ?? value;
  }

  #builtIn(value: object, depth: number): unknown {
    if (types.isDate(value)) return isBare(value, 'Date') ? `${MARK}${DATE}${value.getTime()}` : undefined;
    if (types.isMap(value)) return isBare(value, 'Map') ? this.#map(value, depth) : undefined;
    if (types.isSet(value)) return isBare(value, 'Set') ? this.#set(value, depth) : undefined;
    if (!isBinary(value)) return undefined;
    const part = binaryPartOf(value);
    return part === undefined ? undefined : this.#binary(part);
  }

  #map(value: ReadonlyMap<unknown, unknown>, depth: number): readonly unknown[] {
    this.#count(1);
    const written: unknown[] = [MAP];
    for (const [key, item] of value) written.push(this.#write(key, depth + 1), this.#write(item, depth + 1));
    return written;
  }

  #set(value: ReadonlySet<unknown>, depth: number): readonly unknown[] {
    this.#count(1);
    const written: unknown[] = [SET];
    for (const item of value) written.push(this.#write(item, depth + 1));
    return written;
  }

  #binary({ letter, bytes }: BinaryPart): string {
    this.#weigh(bytes.length);
    this.parts.push(bytes);
    return `${MARK}${BINARY}${letter}${bytes.length}`;
  }

  #bigInt(value: bigint): string {
    const digits = value.toString(16);
    this.#weigh(digits.length);
    return `${MARK}${BIG_INT}${digits}`;
  }

  #instance(value: object, depth: number): unknown {
    const isExpected = this.#type !== undefined && Object.getPrototypeOf(value) === this.#type.prototype;
    if (!isExpected || depth > this.#deepestInstance || hasInnerState(value)) throw instanceError(value);
    if (
      Object.getOwnPropertySymbols(value).some((symbol) => Object.prototype.propertyIsEnumerable.call(value, symbol))
    ) {
      throw new NotWritableError(SYMBOLS);
    }
    const written = this.#members(value, depth, Object.keys(value));
    // A copy, for what the class inherits, `toJSON` above all, is not to be asked.
    return this.#wrapped(INSTANCE, written === value ? { ...value } : written);
  }

  #wrapped(mark: string, members: object): readonly unknown[] {
    this.#count(2);
    return [mark, members];
  }

  #count(nodes: number): void {
    this.#nodes += nodes;
    if (this.#nodes > this.#limits.nodes) {
      throw new NotWritableError(`it holds more than ${this.#limits.nodes} values`);
    }
  }

  #weigh(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes > this.#limits.bytes) throw tooLarge(this.#limits);
  }
}

export function tooLarge({ bytes }: WireLimits): NotWritableError {
  return new NotWritableError(`it takes more than ${bytes} bytes`);
}

function writeNumber(value: number): number | string {
  if (value - value === 0) return value === 0 && 1 / value < 0 ? MINUS_ZERO : value;
  if (value === Infinity) return INFINITE;
  return value === -Infinity ? MINUS_INFINITE : NOT_A_NUMBER;
}

const SYMBOLS = 'it holds a property named by a symbol';

function refuseSymbols(value: object): void {
  if (Object.getOwnPropertySymbols(value).length > 0) throw new NotWritableError(SYMBOLS);
}

/** Of the class itself, with nothing beside what the class keeps inside. */
function isBare(value: object, name: string): boolean {
  return isOfBuiltIn(value, name) && Reflect.ownKeys(value).length === 0;
}

function instanceError(value: object): NotWritableError {
  const name = oneLine(classNameOf(value));
  return new NotWritableError(name === '' ? 'it holds an instance of a class' : `it holds an instance of ${name}`);
}

/** What is more than its properties by its very making, so that an object with the same properties is not the same. */
function hasInnerState(value: object): boolean {
  return INNER_STATES.some((is) => is(value));
}

const INNER_STATES: readonly ((value: object) => boolean)[] = [
  types.isMap,
  types.isSet,
  types.isDate,
  types.isPromise,
  types.isWeakMap,
  types.isWeakSet,
  types.isRegExp,
  types.isNativeError,
  types.isBoxedPrimitive,
  types.isAnyArrayBuffer,
  types.isArrayBufferView,
  types.isGeneratorObject,
  types.isExternal,
];
