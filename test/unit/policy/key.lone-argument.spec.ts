import { describe, expect, it } from '@jest/globals';
import { isLoneArgument, keyOfCall, loneArgumentOf } from '../../../lib/policy/key.js';
import fc from '../../support/properties.js';
import { anyCall, anyValue, narrowCall } from './any-call.js';

const awkward = fc.constantFrom("'", '(', ')', '"', ',', '#', '%', '-0', '0', '1', 'n', ' ', '\ud800', '\n', 'é');
const text = fc.oneof(
  fc.string({ unit: awkward, maxLength: 8 }),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({ unit: fc.constantFrom('a', '\udc00'), minLength: 197, maxLength: 199 }),
);
const wholeNumber = fc.oneof(
  fc.maxSafeInteger(),
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom(Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER),
);
const loneArgument = fc.oneof(text, wholeNumber);
const name = fc.oneof(
  fc.constantFrom('Users.find', "a'b", ')', "'", '0', '4:acme:find', '__proto__', ''),
  fc.string({ unit: awkward, maxLength: 6 }).map((any) => any.replaceAll('(', '')),
);

/** What is named by a key, if anything is, leads back to that very key. */
const expectNoFalseName = (called: string, args: readonly unknown[]): void => {
  const key = keyOfCall(called, args);
  const found = loneArgumentOf(key);
  if (found !== undefined) expect(keyOfCall(found.name, [found.argument])).toBe(key);
};

describe('A lone argument', () => {
  it('is read again from the key of its call, with the name', () => {
    fc.assert(
      fc.property(name, loneArgument, (called, argument) => {
        expect(isLoneArgument(argument)).toBe(true);
        expect(loneArgumentOf(keyOfCall(called, [argument]))).toEqual({ name: called, argument });
      }),
      { numRuns: 500 },
    );
  });

  it('is read again also where undefined follows it, which has the same key', () => {
    fc.assert(
      fc.property(loneArgument, fc.nat(3), (argument, count) => {
        const args = [argument, ...Array.from({ length: count }, () => undefined)];
        expect(loneArgumentOf(keyOfCall('find', args))).toEqual({ name: 'find', argument });
      }),
    );
  });

  it.each([[''], ['a'.repeat(199)], ["'"], [')'], [0], [-1], [Number.MAX_SAFE_INTEGER], [Number.MIN_SAFE_INTEGER]])(
    'may be %j',
    (value) => {
      expect(isLoneArgument(value)).toBe(true);
      expect(loneArgumentOf(keyOfCall('find', [value]))).toEqual({ name: 'find', argument: value });
    },
  );

  it.each<[string, unknown]>([
    ['-0', -0],
    ['NaN', Number.NaN],
    ['Infinity', Infinity],
    ['a fraction', 1.5],
    ['a number that stands for several', Number.MAX_SAFE_INTEGER + 1],
    ['a text of 200 characters', 'a'.repeat(200)],
    ['a text of 201 characters', 'a'.repeat(201)],
    ['a bigint', 1n],
    ['true', true],
    ['null', null],
    ['undefined', undefined],
    ['a list of one', ['a']],
    ['a boxed text', Object('a')],
    ['a date', new Date(0)],
  ])('is not %s', (_what, value) => {
    expect(isLoneArgument(value)).toBe(false);
  });

  it.each<[string, unknown[]]>([
    ['-0', [-0]],
    ['a fraction', [0.5]],
    ['a number that stands for several', [2 ** 53]],
    ['a large number', [1e21]],
    ['a text of 200 characters, which becomes a digest', ['1'.repeat(200)]],
    ['a digit and undefined in front of it', [undefined, 1]],
    ['two numbers', [1, 2]],
    ['a text of a digit in a list', [['1']]],
    ['a bigint', [1n]],
    ['nothing', []],
    ['undefined', [undefined]],
    ['a list of nothing', [[]]],
  ])('is not seen in the key of a call with %s', (_what, args) => {
    expect(loneArgumentOf(keyOfCall('find', args))).toBeUndefined();
  });

  it('is not seen in a key that was not made from a call', () => {
    expect(loneArgumentOf('user:1')).toBeUndefined();
    expect(loneArgumentOf('55)')).toBeUndefined();
    expect(loneArgumentOf('')).toBeUndefined();
  });

  it('is never named by the key of another call', () => {
    fc.assert(fc.property(name, fc.oneof(anyCall, narrowCall), expectNoFalseName), { numRuns: 1_000 });
  });

  it('is never named by the key of a call with one argument of another kind', () => {
    const near = fc.oneof(
      anyValue,
      fc.double(),
      fc.bigInt(),
      fc.string({ unit: awkward, minLength: 196, maxLength: 204 }),
    );
    fc.assert(
      fc.property(name, near, (called, argument) => expectNoFalseName(called, [argument])),
      { numRuns: 1_000 },
    );
  });
});
