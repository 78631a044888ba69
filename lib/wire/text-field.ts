import { createHash } from 'node:crypto';

/** A text in a record: two bytes, of which the upper two bits say how it is written and the others how many bytes follow. */
const UTF8 = 0;
/** For text with an unpaired surrogate, which UTF-8 cannot hold. */
const UTF16 = 1;
/** SHA-256 of the UTF-16, for keys that are too long to be kept whole. */
const DIGEST = 2;

/** By form. */
const ENCODINGS: readonly BufferEncoding[] = ['utf8', 'utf16le'];

const LENGTH_BITS = 14;
const LENGTH_MASK = (1 << LENGTH_BITS) - 1;
/** In UTF-16 units. Their UTF-8 takes three times as many bytes at most, which the length can say. */
export const LONGEST_TEXT = 1024;

export function textField(text: string): Buffer {
  const isWellFormed = text.isWellFormed();
  return field(isWellFormed ? UTF8 : UTF16, Buffer.from(text, isWellFormed ? 'utf8' : 'utf16le'));
}

export function keyField(key: string): Buffer {
  return key.length > LONGEST_TEXT ? field(DIGEST, digestOf(key)) : textField(key);
}

function field(form: number, bytes: Buffer): Buffer {
  const head = Buffer.allocUnsafe(2);
  head.writeUInt16BE((form << LENGTH_BITS) | bytes.length);
  return Buffer.concat([head, bytes]);
}

/** UTF-8 would make one of all unpaired surrogates, so keys are digested as they are in memory. */
function digestOf(key: string): Buffer {
  return createHash('sha256').update(key, 'utf16le').digest();
}

/** Reads fields one after the other, none beyond the end. */
export class FieldReader {
  readonly #buffer: Buffer;
  readonly #end: number;
  #at: number;
  /** Of the field last read. */
  #begin: number;

  constructor(buffer: Buffer, begin: number, end: number) {
    this.#buffer = buffer;
    this.#at = begin;
    this.#begin = begin;
    this.#end = end;
  }

  /** Where the next field begins. */
  get at(): number {
    return this.#at;
  }

  /** Undefined for what is no text, or longer than texts are. */
  text(): string | undefined {
    const encoding = ENCODINGS[this.#next()];
    if (encoding === undefined) return undefined;
    const text = this.#buffer.toString(encoding, this.#begin, this.#at);
    return text.length <= LONGEST_TEXT ? text : undefined;
  }

  isKey(key: string): boolean {
    if (key.length <= LONGEST_TEXT) return this.text() === key;
    return this.#next() === DIGEST && digestOf(key).equals(this.#buffer.subarray(this.#begin, this.#at));
  }

  /** Steps behind the next field and tells its form; -1 when it is cut off. */
  #next(): number {
    if (this.#at + 2 > this.#end) return -1;
    const head = this.#buffer.readUInt16BE(this.#at);
    const begin = this.#at + 2;
    const end = begin + (head & LENGTH_MASK);
    if (end > this.#end) return -1;
    this.#begin = begin;
    this.#at = end;
    return head >>> LENGTH_BITS;
  }
}
