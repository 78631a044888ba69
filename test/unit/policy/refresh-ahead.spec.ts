import { describe, expect, it } from '@jest/globals';
import fc from '../../support/properties.js';
import { Entry, type Terms } from '../../../lib/core/entry.js';
import { earliestRefresh, wantsRefresh } from '../../../lib/policy/refresh-ahead.js';

const termsOf = (refreshAhead: Terms['refreshAhead'], slidingTtl = 0): Terms => ({
  form: 'shared',
  staleWhileRevalidate: 0,
  staleIfError: 0,
  slidingTtl,
  refreshAhead,
});

/** Born at 1000, fresh until 2000. */
const makeEntry = (refreshAhead: Terms['refreshAhead'], loadMs = 0, slidingTtl = 0): Entry =>
  new Entry({
    key: 'k',
    value: 'v',
    terms: termsOf(refreshAhead, slidingTtl),
    tags: [],
    position: 0,
    born: 1_000,
    freshUntil: 2_000,
    quietUntil: 2_000,
    loadMs,
  });

const always = (draw: number) => () => draw;
const noDraw = (): never => {
  throw new Error('drew a number in vain');
};

describe('Without refreshAhead', () => {
  it('no fresh hit refreshes', () => {
    for (const now of [1_000, 1_999, 2_000]) expect(wantsRefresh(makeEntry(undefined), now, noDraw)).toBe(false);
    expect(earliestRefresh(termsOf(undefined), 2_000, 1_000, 50)).toBe(2_000);
  });
});

describe('With refreshAhead as a share', () => {
  it.each([
    [0.5, 1_499, false],
    [0.5, 1_500, true],
    [0.75, 1_749.9, false],
    [0.75, 1_750, true],
    [0.75, 1_999, true],
    [0.001, 1_001, true],
    [0.999, 1_998, false],
    [0.999, 1_999, true],
  ])('of %d of a second a hit at %d refreshes: %p', (share, now, wanted) => {
    expect(wantsRefresh(makeEntry(share), now, noDraw)).toBe(wanted);
  });

  it('the life of what was started anew is that which it got then', () => {
    const sliding = makeEntry(0.5, 0, 500);
    sliding.renew(1_800);
    expect([2_049, 2_050].map((now) => wantsRefresh(sliding, now, noDraw))).toEqual([false, true]);
  });

  it('a refresh may come from the share of the life on, to the millisecond, and within the life', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.001, max: 0.999, noNaN: true }),
        fc.integer({ min: 1, max: 10_000_000 }),
        (share, life) => {
          const earliest = earliestRefresh(termsOf(share), life, life, 0);
          expect(Math.abs(earliest - life * share)).toBeLessThanOrEqual(1);
          expect(earliest).toBeGreaterThanOrEqual(0);
          expect(earliest).toBeLessThanOrEqual(life);
          expect(Number.isInteger(earliest)).toBe(true);
        },
      ),
    );
  });
});

describe('With refreshAhead by the measured load time', () => {
  it('a hit never refreshes where the load took no time', () => {
    for (const draw of [0, 0.5, 1 - 2 ** -32]) {
      expect(wantsRefresh(makeEntry('adaptive', 0), 1_999, always(draw))).toBe(false);
    }
  });

  it('no number is drawn so early that hardly any could matter', () => {
    expect(wantsRefresh(makeEntry('adaptive', 10), 1_799, noDraw)).toBe(false);
    expect(() => wantsRefresh(makeEntry('adaptive', 10), 1_800, noDraw)).toThrow('in vain');
  });

  it.each([
    // now + loadMs * -ln(1 - draw) has to reach the end at 2000.
    [1_900, 0, false],
    [1_900, 0.63, false],
    [1_900, 0.64, true],
    [1_999, 0.0, false],
    [1_999, 0.02, true],
    [1_500, 0.99, false],
    [1_500, 0.994, true],
  ])('of 100 ms, a hit at %d that draws %d refreshes: %p', (now, draw, wanted) => {
    expect(wantsRefresh(makeEntry('adaptive', 100), now, always(draw))).toBe(wanted);
  });

  it('what refreshes at one moment would at each later one, and for each dearer load', () => {
    const instant = fc.integer({ min: 1_000, max: 1_999 });
    const cost = fc.integer({ min: 0, max: 500 });
    const draw = fc.integer({ min: 0, max: 2 ** 32 - 1 }).map((number) => number / 2 ** 32);
    fc.assert(
      fc.property(instant, instant, cost, cost, draw, (t1, t2, c1, c2, drawn) => {
        const sooner = wantsRefresh(makeEntry('adaptive', Math.min(c1, c2)), Math.min(t1, t2), always(drawn));
        const later = wantsRefresh(makeEntry('adaptive', Math.max(c1, c2)), Math.max(t1, t2), always(drawn));
        expect(!sooner || later).toBe(true);
      }),
    );
  });
});
