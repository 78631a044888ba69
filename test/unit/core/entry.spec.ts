import { describe, expect, it } from '@jest/globals';
import { Entry, type EntryParts, type Freshness, type Terms, freshness } from '../../../lib/core/entry.js';

const TERMS: Terms = {
  form: 'shared',
  staleWhileRevalidate: 100,
  staleIfError: 300,
  slidingTtl: 0,
  refreshAhead: undefined,
};

const PARTS: EntryParts = {
  key: 'k',
  value: 'v',
  terms: TERMS,
  tags: ['t'],
  position: 7,
  born: 1_000,
  freshUntil: 1_500,
  quietUntil: 1_400,
  loadMs: 12,
};

const makeEntry = (parts: Partial<EntryParts> = {}): Entry => new Entry({ ...PARTS, ...parts });

describe('The freshness of an entry', () => {
  it.each<[number, Freshness]>([
    [1_000, 'fresh'],
    [1_499.999, 'fresh'],
    [1_500, 'stale'],
    [1_599.999, 'stale'],
    [1_600, 'grace'],
    [1_799.999, 'grace'],
    [1_800, 'dead'],
    [1e15, 'dead'],
  ])('fresh until 1500, stale for 100, to serve in need for 300 is at %d: %s', (now, state) => {
    expect(freshness(makeEntry(), now)).toBe(state);
  });

  it.each<[string, Partial<Terms>, [number, Freshness][]]>([
    [
      'without windows goes from fresh to dead',
      { staleWhileRevalidate: 0, staleIfError: 0 },
      [
        [1_499, 'fresh'],
        [1_500, 'dead'],
      ],
    ],
    [
      'without grace goes from stale to dead',
      { staleIfError: 0 },
      [
        [1_500, 'stale'],
        [1_599, 'stale'],
        [1_600, 'dead'],
      ],
    ],
    [
      'without a stale window goes from fresh to grace',
      { staleWhileRevalidate: 0 },
      [
        [1_499, 'fresh'],
        [1_500, 'grace'],
        [1_800, 'dead'],
      ],
    ],
    [
      'whose grace is shorter than its stale window never is in grace',
      { staleIfError: 50 },
      [
        [1_599, 'stale'],
        [1_600, 'dead'],
      ],
    ],
  ])('%s', (_words, terms, states) => {
    const entry = makeEntry({ terms: { ...TERMS, ...terms } });
    for (const [now, state] of states) expect(freshness(entry, now)).toBe(state);
  });

  it('is dead from the start for one with no life at all and no windows', () => {
    const terms = { ...TERMS, staleWhileRevalidate: 0, staleIfError: 0 };
    expect(freshness(makeEntry({ terms, freshUntil: 1_000 }), 1_000)).toBe('dead');
  });
});

describe('The answer of an entry', () => {
  it('is its value, each time', async () => {
    const value = { a: 1 };
    const entry = makeEntry({ value });
    for (let hit = 0; hit < 4; hit++) await expect(entry.answer()).resolves.toBe(value);
  });

  it('is one kept promise from the second hit on, and not from the first', () => {
    const entry = makeEntry();
    const first = entry.answer();
    const second = entry.answer();
    expect(second).not.toBe(first);
    expect(entry.answer()).toBe(second);
    expect(entry.answer()).toBe(second);
  });

  it.each([null, undefined, 0, '', false, Number.NaN])('is kept likewise when the value is %p', async (value) => {
    const entry = makeEntry({ value });
    await entry.answer();
    const second = entry.answer();
    expect(entry.answer()).toBe(second);
    await expect(second).resolves.toBe(value);
  });
});

describe('An entry that is renewed', () => {
  const renewed = (now: number): Entry => {
    const entry = makeEntry({ terms: { ...TERMS, slidingTtl: 500 } });
    entry.renew(now);
    return entry;
  };

  it('starts its life anew, and its windows with it', () => {
    const entry = renewed(1_400);
    expect([1_899, 1_900, 1_999, 2_000, 2_199, 2_200].map((now) => freshness(entry, now))).toEqual([
      'fresh',
      'stale',
      'stale',
      'grace',
      'grace',
      'dead',
    ]);
    expect(entry.born).toBe(1_000);
  });

  it('keeps whole milliseconds at a fractional instant', () => {
    expect(renewed(1_400.75).freshUntil).toBe(1_900);
  });

  it('is unchanged by a second renewal at the same instant', () => {
    const entry = renewed(1_400);
    entry.renew(1_400.5);
    expect(entry.freshUntil).toBe(1_900);
  });
});

describe('An entry that is limited', () => {
  it('is asked about from then on, and quiet no longer than that, in whole milliseconds', () => {
    const entry = makeEntry({ quietUntil: 1_450, askAt: 2_000 });
    entry.limitTo(1_300.9);
    expect(entry).toMatchObject({ askAt: 1_300, quietUntil: 1_300 });
  });

  it('stays as it was where it was limited further already', () => {
    const entry = makeEntry({ quietUntil: 1_100, askAt: 1_200 });
    entry.limitTo(1_300);
    expect(entry).toMatchObject({ askAt: 1_200, quietUntil: 1_100 });
  });
});

describe('A new entry', () => {
  it('is what it was made of, with no retry forbidden', () => {
    expect(makeEntry()).toMatchObject({ ...PARTS, retryAt: PARTS.born });
  });

  it('stands nowhere in a tier', () => {
    expect(makeEntry().seat).toBe(-1);
  });

  it.each([
    [100, 300],
    [300, 100],
  ])('answers by itself to its end, the longer of its windows, if nothing else was said: %d, %d', (first, second) => {
    const terms = { ...TERMS, staleWhileRevalidate: first, staleIfError: second };
    expect(makeEntry({ terms }).askAt).toBe(1_800);
    expect(makeEntry({ terms, askAt: 1_600 }).askAt).toBe(1_600);
  });
});
