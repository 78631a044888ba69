/**
 * The own binary format that was weighed: a tag per value, lengths and numbers as fixed or variable width, in the manner
 * of MessagePack. As little as shows what the best of its kind would cost; it checks and bounds nothing.
 */
const NULL = 0;
const FALSE = 1;
const TRUE = 2;
const INTEGER = 3;
const DOUBLE = 4;
const TEXT = 5;
const ARRAY = 6;
const OBJECT = 7;
const DATE = 8;
const BIG_INT = 9;
const BYTES = 10;
const ASCII = 11;

let out = Buffer.allocUnsafeSlow(1 << 20);
let at = 0;

export function encodeBinary(value) {
  at = 0;
  write(value);
  return Buffer.from(out.subarray(0, at));
}

export function decodeBinary(bytes) {
  source = bytes;
  at = 0;
  return read();
}

let source;

function write(value) {
  if (at + 64 > out.length) grow();
  switch (typeof value) {
    case 'string':
      return writeText(value);
    case 'number':
      return writeNumber(value);
    case 'boolean':
      out[at++] = value ? TRUE : FALSE;
      return;
    case 'bigint':
      out[at++] = BIG_INT;
      return writeText(value.toString(16));
    default:
      return value === null ? void (out[at++] = NULL) : writeObject(value);
  }
}

function writeNumber(value) {
  if (Number.isInteger(value) && value >= 0 && value < 2 ** 31) {
    out[at++] = INTEGER;
    return writeLength(value);
  }
  out[at++] = DOUBLE;
  at = out.writeDoubleLE(value, at);
}

function writeText(text) {
  while (at + 3 * text.length + 16 > out.length) grow();
  const begin = at;
  if (text.length < 64) {
    out[at++] = ASCII;
    writeLength(text.length);
    let unit = 0;
    for (; unit < text.length; unit++) {
      const code = text.charCodeAt(unit);
      if (code > 127) break;
      out[at++] = code;
    }
    if (unit === text.length) return;
    at = begin;
  }
  out[at++] = TEXT;
  const length = Buffer.byteLength(text);
  writeLength(length);
  at += out.utf8Write(text, at, length);
}

function writeObject(value) {
  if (Array.isArray(value)) {
    out[at++] = ARRAY;
    writeLength(value.length);
    for (const item of value) write(item);
  } else if (value instanceof Date) {
    out[at++] = DATE;
    at = out.writeDoubleLE(value.getTime(), at);
  } else if (value instanceof Uint8Array) {
    out[at++] = BYTES;
    writeLength(value.length);
    while (at + value.length > out.length) grow();
    out.set(value, at);
    at += value.length;
  } else {
    const names = Object.keys(value);
    out[at++] = OBJECT;
    writeLength(names.length);
    for (const name of names) {
      writeText(name);
      write(value[name]);
    }
  }
}

function writeLength(length) {
  let rest = length;
  while (rest > 127) {
    out[at++] = (rest & 127) | 128;
    rest >>>= 7;
  }
  out[at++] = rest;
}

function grow() {
  const larger = Buffer.allocUnsafeSlow(2 * out.length);
  out.copy(larger);
  out = larger;
}

function read() {
  const tag = source[at++];
  switch (tag) {
    case NULL:
      return null;
    case FALSE:
      return false;
    case TRUE:
      return true;
    case INTEGER:
      return readLength();
    case DOUBLE:
      at += 8;
      return source.readDoubleLE(at - 8);
    case TEXT:
    case ASCII:
      return readText(tag);
    case ARRAY:
      return Array.from({ length: readLength() }, read);
    case OBJECT:
      return readObject();
    case DATE:
      at += 8;
      return new Date(source.readDoubleLE(at - 8));
    case BIG_INT:
      return BigInt(`0x${read()}`);
    default:
      return readBytes();
  }
}

function readText(tag) {
  const length = readLength();
  const begin = at;
  at += length;
  if (tag === TEXT) return source.utf8Slice(begin, at);
  if (length > 12) return source.latin1Slice(begin, at);
  let text = '';
  for (let index = begin; index < at; index++) text += String.fromCharCode(source[index]);
  return text;
}

function readObject() {
  const value = {};
  for (let left = readLength(); left > 0; left--) value[read()] = read();
  return value;
}

function readBytes() {
  const length = readLength();
  at += length;
  return Buffer.from(source.subarray(at - length, at));
}

function readLength() {
  let length = 0;
  let shift = 0;
  for (;;) {
    const byte = source[at++];
    length |= (byte & 127) << shift;
    if (byte < 128) return length;
    shift += 7;
  }
}
