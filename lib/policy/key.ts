import { createHash } from 'node:crypto';
import { types } from 'node:util';
import { LayerCacheKeyError } from '../core/errors.js';
import { classNameOf, isDense, isPlainObject } from './isolation.js';

/** Longer argument parts are replaced by their digest. */
const LONGEST_READABLE = 200;
/** Deeper arguments are refused: they are cycles or mistakes, and would overflow the stack. */
const DEEPEST = 200;
/** More are refused: parts that are shared over and over would be written over and over, without an end in sight. */
const MOST_OBJECTS = 100_000;
/** Typed arrays up to this length are looked at for properties beside their items. */
const LONGEST_LISTED = 4_096;

/** An argument that leads to its call's key without any encoding, when it is the only one. */
export type LoneArgument = string | number;

/** Whether a call with this argument alone has a key from which `loneArgumentOf` reads it again. */
export function isLoneArgument(value: unknown): value is LoneArgument {
  if (typeof value === 'string') return value.length < LONGEST_READABLE;
  return Number.isSafeInteger(value) && !Object.is(value, -0);
}

/** The name and the lone argument that a key was made from; undefined where there was none, or where it cannot be told. */
export function loneArgumentOf(key: string): { readonly name: string; readonly argument: LoneArgument } | undefined {
  const open = key.indexOf('(');
  if (open < 0) return undefined;
  const text = key.slice(open + 1, -1);
  if (text === '') return undefined;
  const argument = text.startsWith("'") ? text.slice(1) : Number(text);
  return isLoneArgument(argument) ? { name: key.slice(0, open), argument } : undefined;
}

/** The key of one call: `name(arguments)`. Different arguments never share a key, equal ones always do. */
export function keyOfCall(name: string, args: readonly unknown[]): string {
  return `${name}(${argumentsPart(name, args)})`;
}

/**
 * The arguments as text. A lone string is written raw behind `'`, so that the commonest call costs next to nothing; it
 * cannot be taken for anything else, because nothing else begins with `'`. Digests begin with `#` or `%`, likewise.
 */
function argumentsPart(name: string, args: readonly unknown[]): string {
  const count = countOfGiven(args);
  const first = args[0];
  if (count === 1 && typeof first === 'string') return readable(`'${first}`);
  if (count === 1 && typeof first === 'number') return encodeNumber(first);
  const encoded: string[] = [];
  for (let index = 0; index < count; index++) encoded.push(encodeArgument(name, index, args[index]));
  return readable(encoded.join(','));
}

/** Trailing undefined arguments mean the same as missing ones, as they do to JavaScript's defaults. */
function countOfGiven(args: readonly unknown[]): number {
  let count = args.length;
  while (count > 0 && args[count - 1] === undefined) count--;
  return count;
}

/** The digest keeps all 256 bits. UTF-8 would make one of all lone surrogates, so such text is hashed as it is in memory. */
function readable(text: string): string {
  if (text.length <= LONGEST_READABLE) return text;
  const wellFormed = text.isWellFormed();
  const digest = createHash('sha256')
    .update(text, wellFormed ? 'utf8' : 'utf16le')
    .digest('base64url');
  return `${wellFormed ? '#' : '%'}${digest}`;
}

function encodeArgument(name: string, index: number, value: unknown): string {
  const place = `argument ${index + 1} of ${name}`;
  try {
    return new Encoder().encode(value, []);
  } catch (error) {
    if (error instanceof Unkeyable) {
      throw new LayerCacheKeyError(`${place}: ${error.message}. Pass plain data instead, or give the key yourself.`);
    }
    throw new LayerCacheKeyError(`${place}: reading it threw (see cause).`, { cause: error });
  }
}

/** Why a value has no key; turned into a LayerCacheKeyError where the argument's place is known. */
class Unkeyable extends Error {}

function encodeNumber(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

/** Encodes one argument. `around` holds the objects that a value lies in, to find cycles and bound the depth. */
class Encoder {
  #objects = 0;

  encode(value: unknown, around: readonly object[]): string {
    switch (typeof value) {
      case 'string':
        return JSON.stringify(value);
      case 'number':
        return encodeNumber(value);
      case 'bigint':
        return `${value}n`;
      case 'boolean':
      case 'undefined':
        return String(value);
      case 'object':
        return value === null ? 'null' : this.#object(value, around);
      default:
        throw new Unkeyable(`a ${typeof value} has no identity that two calls could share`);
    }
  }

  #object(value: object, around: readonly object[]): string {
    if (around.includes(value)) throw new Unkeyable('it contains itself');
    if (around.length === DEEPEST) throw new Unkeyable(`it is nested deeper than ${DEEPEST} levels`);
    if (++this.#objects > MOST_OBJECTS) throw new Unkeyable(`it holds more than ${MOST_OBJECTS} objects`);
    refuseUnkeyable(value);
    const within = [...around, value];
    if (Array.isArray(value)) return this.#array(value, within);
    if (types.isDate(value)) return `${classOf(value)}(${value.getTime()})${this.#extras(value, within)}`;
    if (types.isMap(value)) return `${this.#map(value, within)}${this.#extras(value, within)}`;
    if (types.isSet(value)) return `${this.#set(value, within)}${this.#extras(value, within)}`;
    if (ArrayBuffer.isView(value)) return `${encodeBytes(value, value)}${this.#extrasOfBytes(value, within)}`;
    if (types.isAnyArrayBuffer(value)) {
      return `${encodeBytes(value, new Uint8Array(value))}${this.#extras(value, within)}`;
    }
    const { toJSON } = value as { toJSON?: unknown };
    if (typeof toJSON === 'function') return `${classOf(value)}.toJSON(${this.encode(toJSON.call(value), within)})`;
    const members = this.#members(value, within);
    if (members.length > 0 || isPlainObject(value)) return `{${members.join(',')}}`;
    throw new Unkeyable(`an instance of ${classOf(value)} shows nothing by which two could be told apart`);
  }

  /** One that is not simply its items (holes, named properties) is written as an object with a length. */
  #array(value: readonly unknown[], within: readonly object[]): string {
    if (isDense(value, Object.keys(value))) return `[${this.#items(value, within)}]`;
    return `[${value.length}|${this.#members(value, within).join(',')}]`;
  }

  #map(value: ReadonlyMap<unknown, unknown>, within: readonly object[]): string {
    const pairs = [...value].map(([key, item]) => `${this.encode(key, within)}=>${this.encode(item, within)}`);
    return `${classOf(value)}{${pairs.join(',')}}`;
  }

  #set(value: ReadonlySet<unknown>, within: readonly object[]): string {
    return `${classOf(value)}<${this.#items(value, within)}>`;
  }

  #items(items: Iterable<unknown>, within: readonly object[]): string {
    return Array.from(items, (item) => this.encode(item, within)).join(',');
  }

  /** The own enumerable properties, in an order that does not depend on how the object was built. */
  #members(value: object, within: readonly object[]): string[] {
    return Object.keys(value)
      .sort()
      .map((name) => `${JSON.stringify(name)}:${this.encode((value as Record<string, unknown>)[name], within)}`);
  }

  /** What somebody hung on a built-in beside its contents: nearly always nothing. */
  #extras(value: object, within: readonly object[]): string {
    const members = this.#members(value, within);
    return members.length === 0 ? '' : `+{${members.join(',')}}`;
  }

  /**
   * The items of a typed array are properties too: they come first, and are in the bytes already. Long ones are not asked,
   * for that would make a text of every index.
   */
  #extrasOfBytes(value: ArrayBufferView, within: readonly object[]): string {
    const items = types.isTypedArray(value) ? value.length : 0;
    if (items > LONGEST_LISTED) return '';
    const extras = Object.fromEntries(Object.entries(value).slice(items));
    return this.#extras(extras, within);
  }
}

function encodeBytes(value: object, bytes: ArrayBufferView): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url');
  return `${classOf(value)}#${text}`;
}

function refuseUnkeyable(value: object): void {
  if (isLive(value)) throw new Unkeyable('a stream, request or response is different each time');
  if (types.isRegExp(value) || types.isNativeError(value) || types.isBoxedPrimitive(value)) {
    throw new Unkeyable(`two of class ${classOf(value)} may look alike and differ`);
  }
  const isShown = (symbol: symbol): boolean => Object.prototype.propertyIsEnumerable.call(value, symbol);
  if (Object.getOwnPropertySymbols(value).some(isShown)) throw new Unkeyable('it has a property named by a symbol');
}

/** What is being read or written at this moment: Node's and the web's streams, and what holds one. */
function isLive(value: object): boolean {
  const { pipe, getReader, getWriter } = value as { pipe?: unknown; getReader?: unknown; getWriter?: unknown };
  return typeof pipe === 'function' || typeof getReader === 'function' || typeof getWriter === 'function';
}

const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

/** A class's name, quoted when it is not a plain identifier, so that no name can imitate other text. */
function classOf(value: object): string {
  const name = classNameOf(value);
  return IDENTIFIER.test(name) ? name : `class ${JSON.stringify(name)}`;
}
