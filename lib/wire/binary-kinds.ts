import { types } from 'node:util';
import { isOfBuiltIn } from './built-in.js';

/** One class of binary data: the letter it is written by, and how it is made of memory of its own. */
interface BinaryKind {
  readonly letter: string;
  readonly make: (memory: ArrayBuffer) => unknown;
}

/** By class name. A letter, once given, keeps its meaning: it stands in what other versions wrote. */
const KINDS: ReadonlyMap<string, BinaryKind> = new Map([
  ['Buffer', { letter: 'B', make: (memory) => Buffer.from(memory) }],
  ['ArrayBuffer', { letter: 'A', make: (memory) => memory }],
  ['DataView', { letter: 'V', make: (memory) => new DataView(memory) }],
  ['Int8Array', { letter: 'a', make: (memory) => new Int8Array(memory) }],
  ['Uint8Array', { letter: 'b', make: (memory) => new Uint8Array(memory) }],
  ['Uint8ClampedArray', { letter: 'c', make: (memory) => new Uint8ClampedArray(memory) }],
  ['Int16Array', { letter: 'd', make: (memory) => new Int16Array(memory) }],
  ['Uint16Array', { letter: 'e', make: (memory) => new Uint16Array(memory) }],
  ['Int32Array', { letter: 'f', make: (memory) => new Int32Array(memory) }],
  ['Uint32Array', { letter: 'g', make: (memory) => new Uint32Array(memory) }],
  ['Float32Array', { letter: 'h', make: (memory) => new Float32Array(memory) }],
  ['Float64Array', { letter: 'i', make: (memory) => new Float64Array(memory) }],
  ['BigInt64Array', { letter: 'j', make: (memory) => new BigInt64Array(memory) }],
  ['BigUint64Array', { letter: 'k', make: (memory) => new BigUint64Array(memory) }],
]);

const BY_LETTER = new Map([...KINDS.values()].map((kind) => [kind.letter, kind]));

/** Typed arrays up to this length are looked at for properties beside their items: it takes a text of every index. */
const LONGEST_LISTED = 256;

/** What is written for binary data: the letter of its class, and the bytes that it shows. */
export interface BinaryPart {
  readonly letter: string;
  readonly bytes: Uint8Array;
}

export function isBinary(value: object): value is ArrayBuffer | ArrayBufferView {
  return types.isArrayBufferView(value) || types.isAnyArrayBuffer(value);
}

/** Undefined for what would not come back as it was: a subclass, memory that is shared or can grow, properties beside the bytes. */
export function binaryPartOf(value: ArrayBuffer | ArrayBufferView): BinaryPart | undefined {
  const kind = KINDS.get(builtInNameOf(value));
  const memory = ArrayBuffer.isView(value) ? value.buffer : value;
  if (kind === undefined || isUnsteady(memory) || hasExtras(value)) return undefined;
  const bytes = ArrayBuffer.isView(value)
    ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
    : new Uint8Array(value);
  return { letter: kind.letter, bytes };
}

/** The copy has memory of its own, of exactly its size. Undefined for an unknown letter or half an item. */
export function binaryFrom({ letter, bytes }: BinaryPart): unknown {
  const kind = BY_LETTER.get(letter);
  if (kind === undefined) return undefined;
  // Not from Node's pool: a small one would keep the whole slab alive for as long as it is cached.
  const copy = Buffer.allocUnsafeSlow(bytes.length);
  copy.set(bytes);
  try {
    return kind.make(copy.buffer);
  } catch {
    return undefined;
  }
}

/** The class as the object's own machinery knows it, if the object is of that class and not of one derived from it. */
function builtInNameOf(value: ArrayBuffer | ArrayBufferView): string {
  const name = Buffer.isBuffer(value) ? 'Buffer' : Object.prototype.toString.call(value).slice('[object '.length, -1);
  return isOfBuiltIn(value, name) ? name : '';
}

function isUnsteady(memory: ArrayBufferLike): boolean {
  return types.isSharedArrayBuffer(memory) || (memory as { resizable?: boolean }).resizable === true;
}

function hasExtras(value: object): boolean {
  if (Object.getOwnPropertySymbols(value).length > 0) return true;
  const items = types.isTypedArray(value) ? value.length : 0;
  return items <= LONGEST_LISTED && Object.keys(value).length > items;
}
