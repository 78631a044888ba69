import { DEFAULT_LIMITS, type WireLimits } from './limits.js';
import { MARKED_FORMAT, MARKED_TEXT_OFFSET, PLAIN_FORMAT } from './marks.js';
import { countNodes } from './node-count.js';
import { tooDeep, ValueReader } from './value-reader.js';
import { type RevivedClass, tooLarge, ValueWriter } from './value-writer.js';
import { NotWritableError, UnreadableError } from './wire-errors.js';

/**
 * A value as bytes, from which `decodeValue` makes an equal one. Throws a NotWritableError, and nothing else, for what
 * would not come back as it was. With `type`, an instance of exactly that class, alone or in an array, is written as its
 * own enumerable properties; private fields cannot be seen, and are lost.
 */
export function encodeValue(value: unknown, limits: WireLimits = DEFAULT_LIMITS, type?: RevivedClass): Uint8Array {
  try {
    const writer = new ValueWriter(limits, type);
    const written = writer.writeAll(value);
    const bytes = written === value ? plainBytes(written) : markedBytes(written, writer.parts);
    if (bytes.length > limits.bytes) throw tooLarge(limits);
    return bytes;
  } catch (error) {
    throw error instanceof NotWritableError ? error : new NotWritableError('it cannot be read');
  }
}

/**
 * The value that was encoded, made of data alone: no code of the caller's runs, no constructor either. Throws an
 * UnreadableError, and nothing else, for bytes that are not a value; never takes more memory than a small multiple of
 * the bytes. Instances of a class are read only with the class at hand, as `type`.
 */
export function decodeValue(bytes: Uint8Array, limits: WireLimits = DEFAULT_LIMITS, type?: RevivedClass): unknown {
  if (bytes.length > limits.bytes) throw new UnreadableError(`it takes more than ${limits.bytes} bytes`);
  const buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  switch (buffer[0]) {
    case PLAIN_FORMAT:
      return decodePlain(buffer, limits);
    case MARKED_FORMAT:
      return decodeMarked(buffer, limits, type);
    default:
      throw new UnreadableError('its format is unknown');
  }
}

function plainBytes(written: unknown): Uint8Array {
  return Buffer.from(String.fromCharCode(PLAIN_FORMAT) + jsonOf(written));
}

function markedBytes(written: unknown, parts: readonly Uint8Array[]): Uint8Array {
  const text = Buffer.from(jsonOf(written));
  const head = Buffer.allocUnsafe(MARKED_TEXT_OFFSET);
  head[0] = MARKED_FORMAT;
  head.writeUInt32BE(text.length, 1);
  return Buffer.concat([head, text, ...parts]);
}

function jsonOf(written: unknown): string {
  if ('toJSON' in Object.prototype || 'toJSON' in Array.prototype) {
    throw new NotWritableError('a global toJSON changes what JSON makes of every object');
  }
  return JSON.stringify(written);
}

function decodePlain(buffer: Buffer, limits: WireLimits): unknown {
  const value = parse(buffer, 1, buffer.length, limits);
  // Each level takes two bytes, so that short texts need no look.
  if (buffer.length > 2 * limits.depth && isObject(value)) refuseDeeper(value, limits.depth, limits);
  return value;
}

function decodeMarked(buffer: Buffer, limits: WireLimits, type: RevivedClass | undefined): unknown {
  if (buffer.length < MARKED_TEXT_OFFSET) throw new UnreadableError('it is cut off');
  const end = MARKED_TEXT_OFFSET + buffer.readUInt32BE(1);
  if (end > buffer.length) throw new UnreadableError('it is cut off');
  const parsed = parse(buffer, MARKED_TEXT_OFFSET, end, limits);
  return new ValueReader(buffer.subarray(end), limits, type).readAll(parsed);
}

function parse(buffer: Buffer, begin: number, end: number, limits: WireLimits): unknown {
  // Each value takes two bytes, so that short texts need no count.
  if (end - begin > 2 * limits.nodes && countNodes(buffer.subarray(begin, end)) > limits.nodes) {
    throw new UnreadableError(`it holds more than ${limits.nodes} values`);
  }
  try {
    return JSON.parse(buffer.toString('utf8', begin, end));
  } catch {
    throw new UnreadableError('its text is not JSON');
  }
}

function refuseDeeper(value: object, levels: number, limits: WireLimits): void {
  if (levels === 0) throw tooDeep(limits);
  if (Array.isArray(value)) {
    for (const item of value as readonly unknown[]) if (isObject(item)) refuseDeeper(item, levels - 1, limits);
    return;
  }
  // Inherited names are met too, if somebody gave all objects some; they cannot make what is deep look flat.
  for (const name in value) {
    const member = (value as Record<string, unknown>)[name];
    if (isObject(member)) refuseDeeper(member, levels - 1, limits);
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
