import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { decodeValue, encodeValue } from '../../../lib/wire/value-codec.js';
import fc from '../../support/properties.js';
import { likenessOf } from './likeness.js';
import { keptValues, withForbiddenNames } from './samples.js';

const roundTrip = (value: unknown): unknown => decodeValue(encodeValue(value));

const anything = fc.anything({
  withBigInt: true,
  withDate: true,
  withMap: true,
  withNullPrototype: true,
  withSet: true,
  withSparseArray: true,
  withTypedArray: true,
  key: fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('__proto__', 'constructor', 'toJSON', '0', 'length')),
  values: [
    fc.string({ unit: 'binary' }),
    fc.array(fc.nat(0xffff)).map((units) => String.fromCharCode(...units)),
    fc.string().map((text) => `\u007f${text}`),
    fc.double(),
    fc.integer(),
    fc.boolean(),
    fc.constantFrom(null, undefined),
    fc.uint8Array().map((bytes) => Buffer.from(bytes)),
  ],
});

describe('A value that was written and read', () => {
  it.each(Object.entries(keptValues()))('is what it was: %s', (_name, value) => {
    expect(likenessOf(roundTrip(value))).toBe(likenessOf(value));
  });

  it('is what it was wherever it stands', () => {
    const all = Object.values(keptValues());
    for (const around of [all, { all }, new Map([[all, all]]), new Set(all)]) {
      expect(likenessOf(roundTrip(around))).toBe(likenessOf(around));
    }
  });

  it('is what it was, whatever it holds', () => {
    fc.assert(
      fc.property(anything, (value) => {
        expect(likenessOf(roundTrip(value))).toBe(likenessOf(value));
      }),
      { numRuns: 1_000 },
    );
  });

  it('gives the same bytes when it is written again', () => {
    fc.assert(
      fc.property(anything, (value) => {
        expect(encodeValue(roundTrip(value))).toEqual(encodeValue(value));
      }),
      { numRuns: 300 },
    );
  });

  it('pollutes nothing by the names it brings', () => {
    roundTrip([withForbiddenNames(), { ...withForbiddenNames(), at: new Date(1) }]);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    expect((Object as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it('comes back with copies of what it held twice', () => {
    const part = { at: new Date(1) };
    const [one, other] = roundTrip([part, part]) as [object, object];
    expect([one, other]).toStrictEqual([part, part]);
    expect(one).not.toBe(other);
  });

  it('is a thing of this realm, whichever it came from', () => {
    const foreign: unknown = runInNewContext(
      '({ list: [1, [2]], map: new Map([[1, new Date(2)]]), bytes: new Uint8Array([3]) })',
    );
    const own = { list: [1, [2]], map: new Map([[1, new Date(2)]]), bytes: new Uint8Array([3]) };
    expect(likenessOf(roundTrip(foreign))).toBe(likenessOf(own));
  });

  it('shares no memory with the bytes it came from', () => {
    const bytes = encodeValue([Buffer.from('abc'), new Uint8Array([1, 2])]);
    const value = decodeValue(bytes);
    bytes.fill(0, 5);
    expect(value).toStrictEqual([Buffer.from('abc'), new Uint8Array([1, 2])]);
  });

  it('is read from any view of bytes, at any offset', () => {
    const value = { at: new Date(1), data: new Float64Array([1.5]) };
    const bytes = encodeValue(value);
    for (let offset = 0; offset < 9; offset++) {
      const memory = new Uint8Array(bytes.length + offset);
      memory.set(bytes, offset);
      expect(decodeValue(memory.subarray(offset))).toStrictEqual(value);
    }
  });

  it('was not changed by it', () => {
    const value = { at: new Date(1), list: [undefined, { deep: 1n }] };
    const before = likenessOf(value);
    encodeValue(value);
    expect(likenessOf(value)).toBe(before);
    expect(() => encodeValue(Object.freeze(value))).not.toThrow();
  });

  it('is plain JSON behind one byte where JSON has words for all of it', () => {
    const value = { id: 1, roles: ['a'], none: null };
    const bytes = encodeValue(value);
    expect(bytes[0]).toBe(1);
    expect(Buffer.from(bytes.subarray(1)).toString()).toBe(JSON.stringify(value));
  });
});
