import { describe, expect, it } from '@jest/globals';
import { DEFAULT_LIMITS, type WireLimits } from '../../../lib/wire/limits.js';
import { decodeValue, encodeValue } from '../../../lib/wire/value-codec.js';
import { NotWritableError, UnreadableError } from '../../../lib/wire/wire-errors.js';

/** Ways to put one value into another: each makes a value deeper by one. */
const AROUND: Readonly<Record<string, (inner: unknown) => unknown>> = {
  array: (inner) => [inner],
  object: (inner) => ({ inner }),
  map: (inner) => new Map([['inner', inner]]),
  'key of a map': (inner) => new Map([[inner, 1]]),
  set: (inner) => new Set([inner]),
  'array with a hole': (inner) => Object.assign(new Array<unknown>(2), { 1: inner }),
  'object without prototype': (inner) => Object.assign(Object.create(null) as object, { inner }),
};

function nested(around: (inner: unknown) => unknown, levels: number, innermost: unknown = 'innermost'): unknown {
  let value = innermost;
  for (let level = 0; level < levels; level++) value = around(value);
  return value;
}

const limits = (changed: Partial<WireLimits>): WireLimits => ({ ...DEFAULT_LIMITS, ...changed });
const UNLIMITED = limits({ depth: 3_000, nodes: 10 ** 9, bytes: 10 ** 9 });

describe('The default limits', () => {
  it('are depth 200, 100,000 values and 16 MiB', () => {
    expect(DEFAULT_LIMITS).toEqual({ depth: 200, nodes: 100_000, bytes: 16_777_216 });
  });
});

describe('What is nested', () => {
  it.each(Object.entries(AROUND))('as deep as the limit is written and read: %s', (_name, around) => {
    const value = nested(around, 200);
    expect(() => decodeValue(encodeValue(value))).not.toThrow();
  });

  it.each(Object.entries(AROUND))('deeper is not written: %s', (_name, around) => {
    expect(() => encodeValue(nested(around, 201))).toThrow(NotWritableError);
  });

  it.each(Object.entries(AROUND))('deeper is not read: %s', (_name, around) => {
    const bytes = encodeValue(nested(around, 201), UNLIMITED);
    expect(() => decodeValue(bytes)).toThrow(new UnreadableError('it is nested more than 200 deep'));
  });

  it.each(Object.entries(AROUND))('deeper around a date is not read either: %s', (_name, around) => {
    const bytes = encodeValue(nested(around, 201, new Date(1)), UNLIMITED);
    expect(() => decodeValue(bytes)).toThrow(new UnreadableError('it is nested more than 200 deep'));
  });

  it('counts nothing that is no level of its own', () => {
    const value = nested((inner) => [inner], 200, null);
    expect(decodeValue(encodeValue(value))).toEqual(value);
  });

  it('so deep that the stack would not hold it is refused all the same', () => {
    expect(() => encodeValue(nested((inner) => [inner], 100_000))).toThrow(NotWritableError);
    const text = Buffer.from(`\u0001${'['.repeat(90_000)}${']'.repeat(90_000)}`);
    expect(() => decodeValue(text)).toThrow(UnreadableError);
  });
});

describe('The number of values', () => {
  const six = [{ a: 1, b: [2] }, 3];

  it('counts all of them, and refuses one too many on the way out', () => {
    expect(() => encodeValue(six, limits({ nodes: 6 }))).not.toThrow();
    expect(() => encodeValue(six, limits({ nodes: 5 }))).toThrow(new NotWritableError('it holds more than 5 values'));
  });

  it('counts each place of an array with holes, and no item of it twice', () => {
    const holed = Object.assign(new Array<unknown>(4), { 1: 'a', 3: 'b' });
    expect(() => encodeValue([holed], limits({ nodes: 6 }))).not.toThrow();
    expect(() => encodeValue([holed], limits({ nodes: 5 }))).toThrow(NotWritableError);
  });

  it('is refused on the way in before they are made', () => {
    const bytes = encodeValue(six);
    expect(decodeValue(bytes, limits({ nodes: 6 }))).toEqual(six);
    expect(() => decodeValue(bytes, limits({ nodes: 5 }))).toThrow(new UnreadableError('it holds more than 5 values'));
  });

  it('that may be written may be read, whatever they are', () => {
    const values: unknown[] = [
      Array.from({ length: 99 }, () => ({})),
      Array.from({ length: 99 }, () => []),
      Array.from({ length: 99 }, () => '],[{},"'),
      Array.from({ length: 99 }, () => '\\"'),
      new Array(99),
      new Map(Array.from({ length: 49 }, (_, index) => [index, undefined])),
      new Set(Array.from({ length: 98 }, (_, index) => index)),
      Array.from({ length: 33 }, () => Object.create(null) as object),
    ];
    for (const value of values) {
      const bytes = encodeValue(value, limits({ nodes: 100 }));
      expect(decodeValue(bytes, limits({ nodes: 100 }))).toStrictEqual(value);
    }
  });

  it('is found too large at once in an array that is only long', () => {
    expect(() => encodeValue(new Array(10 ** 8))).toThrow(NotWritableError);
  });

  it('is found too large in parts that are shared over and over', () => {
    const doubled = nested((inner) => [inner, inner], 60);
    expect(() => encodeValue(doubled)).toThrow(new NotWritableError('it holds more than 100000 values'));
  });

  it('is not looked for behind a text that does not end', () => {
    const open = Buffer.from(`\u0001"${'x'.repeat(50)}`);
    expect(() => decodeValue(open, limits({ nodes: 2 }))).toThrow(new UnreadableError('its text is not JSON'));
  });

  it('does not count what stands in texts', () => {
    const text = '[{"],{},,'.repeat(30_000);
    expect(decodeValue(encodeValue({ text }))).toEqual({ text });
  });
});

describe('The size in bytes', () => {
  const small = limits({ bytes: 100 });

  it.each([
    ['text', 'x'.repeat(97)],
    ['a name', { ['x'.repeat(93)]: 1 }],
    ['binary data', Buffer.alloc(87)],
  ])('is refused when it is one too many: %s', (_name, value) => {
    const bytes = encodeValue(value, limits({ bytes: 101 }));
    const fitting = limits({ bytes: bytes.length });
    expect(decodeValue(encodeValue(value, fitting), fitting)).toEqual(value);
    const narrow = limits({ bytes: bytes.length - 1 });
    expect(() => encodeValue(value, narrow)).toThrow(NotWritableError);
    expect(() => decodeValue(bytes, narrow)).toThrow(new UnreadableError(`it takes more than ${narrow.bytes} bytes`));
  });

  it('counts bytes and not characters', () => {
    expect(() => encodeValue('é'.repeat(60), small)).toThrow(new NotWritableError('it takes more than 100 bytes'));
  });

  it('is found too large before it is written out', () => {
    const text = 'x'.repeat(2 ** 20);
    expect(() => encodeValue(Array.from({ length: 2_000 }, () => text))).toThrow(NotWritableError);
    expect(() => encodeValue(2n ** 2_000n, small)).toThrow(NotWritableError);
  });
});
