import { describe, expect, it } from '@jest/globals';
import fc from '../../support/properties.js';
import { anyCall, anyValue, narrowCall } from './any-call.js';
import { keyOf } from './call-key.js';
import { rebuilt, same, sameCall } from './equal-calls.js';

const expectKeysToTellApart = (calls: readonly (readonly unknown[])[]): void => {
  const keys = calls.map((args) => keyOf(...args));
  for (let one = 0; one < calls.length; one++) {
    for (let other = 0; other < one; other++) {
      const a = calls[one] as unknown[];
      const b = calls[other] as unknown[];
      if ((keys[one] === keys[other]) !== sameCall(a, b)) {
        throw new Error(`${String(keys[one])} and ${String(keys[other])} of ${fc.stringify(a)} and ${fc.stringify(b)}`);
      }
    }
  }
};

describe('The key of a call', () => {
  it('is the same for two calls exactly when their arguments are equal, whatever they hold', () => {
    expect(() =>
      fc.assert(fc.property(fc.array(anyCall, { minLength: 2, maxLength: 10 }), expectKeysToTellApart), {
        numRuns: 600,
      }),
    ).not.toThrow();
  });

  it('is the same for two calls exactly when their arguments are equal, where many nearly are', () => {
    expect(() =>
      fc.assert(fc.property(fc.array(narrowCall, { minLength: 2, maxLength: 24 }), expectKeysToTellApart), {
        numRuns: 400,
      }),
    ).not.toThrow();
  });

  it('is the same for a deep copy whose properties were made in another order', () => {
    fc.assert(
      fc.property(anyCall, (args) => {
        expect(keyOf(...args.map(rebuilt))).toBe(keyOf(...args));
      }),
      { numRuns: 500 },
    );
  });

  it('is not changed by trailing undefined arguments', () => {
    fc.assert(
      fc.property(anyCall, fc.nat(4), (args, count) => {
        expect(keyOf(...args, ...Array.from({ length: count }, () => undefined))).toBe(keyOf(...args));
      }),
      { numRuns: 300 },
    );
  });

  it('tells apart two calls that differ in one place', () => {
    fc.assert(
      fc.property(anyValue, anyValue, fc.constantFrom('alone', 'first', 'in a list', 'in an object'), (a, b, place) => {
        fc.pre(!same(a, b));
        const at = (value: unknown): unknown[] =>
          ({ alone: [value], first: [value, 1], 'in a list': [[value, 1]], 'in an object': [{ x: value }] })[place] ??
          [];
        expect(keyOf(...at(a))).not.toBe(keyOf(...at(b)));
      }),
      { numRuns: 500 },
    );
  });
});
