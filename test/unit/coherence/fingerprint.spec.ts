import { describe, expect, it } from '@jest/globals';
import fc from '../../support/properties.js';
import { type Fingerprint, fingerprintOf } from '../../../lib/coherence/fingerprint.js';

const mayHold = (set: Fingerprint, one: Fingerprint): boolean =>
  (set.low & one.low) === one.low && (set.high & one.high) === one.high;

const bitsIn = (number: number): number => number.toString(2).replaceAll('0', '').length;

const anyTag = fc.array(fc.nat(0xffff), { maxLength: 10 }).map((units) => String.fromCharCode(...units));

describe('The fingerprint of tags', () => {
  it('never denies a tag that is among them', () => {
    fc.assert(
      fc.property(fc.array(anyTag, { minLength: 1, maxLength: 20 }), (tags) => {
        const set = fingerprintOf(tags);
        expect(tags.filter((tag) => !mayHold(set, fingerprintOf([tag])))).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it('is two integers of thirty bits, with up to four of each for one tag', () => {
    fc.assert(
      fc.property(anyTag, (tag) => {
        const { low, high } = fingerprintOf([tag]);
        for (const half of [low, high]) {
          expect({ half, isOfThirtyBits: half > 0 && half < 2 ** 30 && Number.isInteger(half) }).toEqual({
            half,
            isOfThirtyBits: true,
          });
          expect(bitsIn(half)).toBeLessThanOrEqual(4);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('is the same whatever the order, and has no bits for no tags', () => {
    expect(fingerprintOf(['a', 'b', 'c'])).toEqual(fingerprintOf(['c', 'a', 'b']));
    expect(fingerprintOf([])).toEqual({ low: 0, high: 0 });
  });

  it('denies nearly every tag that is not among two', () => {
    const set = fingerprintOf(['users', 'user:4711']);
    const others = Array.from({ length: 20_000 }, (_, index) => fingerprintOf([`user:${index + 10_000}`]));
    expect(others.filter((other) => mayHold(set, other)).length).toBeLessThan(10);
  });

  it('is found for 300,000 tags', () => {
    const tags = Array.from({ length: 300_000 }, (_, index) => index.toString(36));
    const set = fingerprintOf(tags);
    // So many tags set every bit there is.
    expect(set).toEqual({ low: 2 ** 30 - 1, high: 2 ** 30 - 1 });
    expect(tags.filter((tag, index) => index % 100 === 0 && !mayHold(set, fingerprintOf([tag])))).toEqual([]);
  });

  it('is that of the tags at the time, and leaves the list as it is', () => {
    const tags = Object.freeze(['a', 'b']);
    expect(fingerprintOf(tags)).toEqual(fingerprintOf(['a', 'b', 'a']));
  });
});
