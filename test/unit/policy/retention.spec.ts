import { describe, expect, it } from '@jest/globals';
import fc from '../../support/properties.js';
import { type Entry, type Form, freshness } from '../../../lib/core/entry.js';
import type { Isolation } from '../../../lib/policy/isolation.js';
import type { CachePolicyOptions } from '../../../lib/policy/options.js';
import { type CachePolicy, DEFAULT_POLICY, resolvePolicy } from '../../../lib/policy/resolve-policy.js';
import { type Outcome, Retention } from '../../../lib/policy/retention.js';

const NO_JITTER: CachePolicyOptions = { jitter: 0 };
const policyOf = (options: CachePolicyOptions = {}): CachePolicy =>
  resolvePolicy(DEFAULT_POLICY, { ...NO_JITTER, ...options });

const outcomeOf = (parts: Partial<Outcome> = {}): Outcome => ({
  key: 'k',
  value: 'v',
  how: 'returned',
  position: 3,
  now: 1_000,
  loadMs: 0,
  ...parts,
});

const retain = (
  outcome: Partial<Outcome>,
  options?: CachePolicyOptions,
  { draw = 0, isolation = 'freeze' }: { draw?: number; isolation?: Isolation } = {},
): Entry => new Retention(isolation, () => draw).retain(outcomeOf(outcome), policyOf(options));

/** The first instants at which an entry is no longer fresh, no longer stale, and dead. */
const boundariesOf = (entry: Entry): number[] => {
  const states = Array.from({ length: 3_000 }, (_, now) => freshness(entry, now));
  return (['fresh', 'stale', 'grace'] as const).map((state) => states.lastIndexOf(state) + 1);
};

const lifeOf = (entry: Entry): number => entry.freshUntil - entry.born;

describe('What a load returned', () => {
  it('is fresh for its ttl, and then at its end', () => {
    const entry = retain({}, { ttl: '5s' });
    expect(entry).toMatchObject({ key: 'k', value: 'v', position: 3, born: 1_000, freshUntil: 6_000 });
    expect(entry.terms.form).toBe('shared');
    expect(freshness(entry, 5_999)).toBe('fresh');
    expect(freshness(entry, 6_000)).toBe('dead');
  });

  it('is used from memory until its end where there is nothing behind memory to ask', () => {
    expect(retain({}, { ttl: '5s', memoryTtl: '1s' })).toMatchObject({ askAt: 6_000, quietUntil: 6_000 });
    const another = new Retention('freeze', () => 0, 'memory and another');
    const entry = another.retain(outcomeOf(), policyOf({ ttl: '5s', memoryTtl: '1s' }));
    expect(entry).toMatchObject({ askAt: 2_000, quietUntil: 2_000 });
  });

  it('carries the tags of its policy', () => {
    expect(retain({}, { tags: ['a', 'b'] }).tags).toEqual(['a', 'b']);
  });

  it('has both windows counted from the end of its ttl', () => {
    const entry = retain({}, { ttl: 1_000, staleWhileRevalidate: 200, staleIfError: 700 });
    expect(boundariesOf(entry)).toEqual([2_000, 2_200, 2_700]);
  });

  it('has its windows after the jittered end', () => {
    const entry = retain({}, { ttl: 1_000, jitter: 0.5, staleWhileRevalidate: 200, staleIfError: 700 }, { draw: 0.5 });
    expect(boundariesOf(entry)).toEqual([1_750, 1_950, 2_450]);
  });

  it.each([
    [0, 0.5, 1_000],
    [0.05, 0, 1_000],
    [0.05, 0.5, 975],
    [0.05, 1 - 2 ** -32, 950],
    [1, 0.25, 750],
    [1, 0, 1_000],
  ])('with a jitter of %d and a draw of %d lives %d ms of a second', (jitter, draw, life) => {
    expect(lifeOf(retain({}, { ttl: 1_000, jitter }, { draw }))).toBe(life);
  });

  it('never lives longer than its ttl nor is shortened by more than its jitter, in whole milliseconds', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    const draws = fc.nat(2 ** 32 - 1).map((number) => number / 2 ** 32);
    const instant = fc.double({ min: 0, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000_000 }), share, draws, instant, (ttl, jitter, draw, now) => {
        const entry = retain({ now, loadMs: 0.3 }, { ttl, jitter }, { draw });
        expect(entry.freshUntil).toBeLessThanOrEqual(now + ttl + 1e-6);
        expect(entry.freshUntil).toBeGreaterThan(now + ttl * (1 - jitter) - 1.001);
        for (const number of [entry.born, entry.freshUntil, entry.quietUntil]) {
          expect(Number.isInteger(number)).toBe(true);
        }
        expect(entry.loadMs).toBe(1);
        expect(entry.quietUntil).toBeLessThanOrEqual(entry.freshUntil);
      }),
    );
  });

  it('is copied and frozen, so that the loader keeps its own', () => {
    const value = { list: [1] };
    const entry = retain({ value });
    expect(entry.value).toEqual(value);
    expect(entry.value).not.toBe(value);
    expect(Object.isFrozen(entry.value)).toBe(true);
    expect(Object.isFrozen(value)).toBe(false);
  });

  it('is cloned for each reader where it cannot be frozen', () => {
    expect(retain({ value: { at: new Date(0) } }).terms.form).toBe('cloned');
    expect(retain({ value: { a: 1 } }, {}, { isolation: 'clone' }).terms.form).toBe('cloned');
    expect(retain({ value: { at: new Date(0) } }, {}, { isolation: 'share' }).terms.form).toBe('shared');
  });
});

describe('The time until which a hit needs no thought', () => {
  it('is the end of the ttl for a shared value', () => {
    expect(retain({}, { ttl: 1_000, staleWhileRevalidate: 500 }).quietUntil).toBe(2_000);
  });

  it('is the first moment of a refresh ahead', () => {
    expect(retain({}, { ttl: 1_000, refreshAhead: 0.8 }).quietUntil).toBe(1_800);
    expect(retain({ loadMs: 10 }, { ttl: 1_000, refreshAhead: 'adaptive' }).quietUntil).toBe(1_800);
    expect(retain({ loadMs: 0 }, { ttl: 1_000, refreshAhead: 'adaptive' }).quietUntil).toBe(2_000);
  });

  it.each<[string, () => Entry]>([
    ['is cloned', () => retain({ value: new Date(0) })],
    ['slides', () => retain({}, { sliding: true })],
    ['is null', () => retain({ value: null })],
    ['is undefined', () => retain({ value: undefined })],
    ['is an error', () => retain({ value: new Error('no'), how: 'threw' })],
    ['is not kept', () => retain({ how: 'skipped' })],
  ])('is over at once for what %s', (_words, make) => {
    const entry = make();
    expect(entry.quietUntil).toBeLessThanOrEqual(entry.born);
  });
});

describe('A sliding value', () => {
  it('lives its ttl anew from each renewal', () => {
    const entry = retain({}, { ttl: 1_000, jitter: 0.5, sliding: true }, { draw: 0.5 });
    expect(lifeOf(entry)).toBe(750);
    entry.renew(1_500);
    expect(entry.freshUntil).toBe(2_500);
  });
});

describe('What is remembered as absent', () => {
  it.each<[string, Partial<Outcome>, Form]>([
    ['null', { value: null }, 'negative'],
    ['undefined', { value: undefined }, 'negative'],
    ['an error that is an answer', { value: new Error('not found'), how: 'threw' }, 'error'],
    ['undefined that was thrown', { value: undefined, how: 'threw' }, 'error'],
  ])('for %s lives its negativeTtl, without windows, sliding or early refresh', (_words, outcome, form) => {
    const entry = retain(outcome, {
      ttl: '1m',
      negativeTtl: '5s',
      staleWhileRevalidate: '1h',
      staleIfError: '1h',
      sliding: true,
      refreshAhead: 0.5,
    });
    expect(entry.freshUntil).toBe(6_000);
    expect(freshness(entry, 6_000)).toBe('dead');
    expect(entry.terms).toEqual({
      form,
      staleWhileRevalidate: 0,
      staleIfError: 0,
      slidingTtl: 0,
      refreshAhead: undefined,
    });
  });

  it('never lives longer than a value would', () => {
    expect(lifeOf(retain({ value: null }, { ttl: '2s', negativeTtl: '5s' }))).toBe(2_000);
  });

  it('is shortened by jitter as well', () => {
    expect(lifeOf(retain({ value: null }, { negativeTtl: 1_000, jitter: 0.5 }, { draw: 0.5 }))).toBe(750);
  });

  it.each<[string, Partial<Outcome>]>([
    ['null', { value: null }],
    ['undefined', { value: undefined }],
    ['an error', { value: new Error('not found'), how: 'threw' }],
  ])('is not kept for %s when negativeTtl is false, whatever the windows', (_words, outcome) => {
    const entry = retain(outcome, { negativeTtl: false, staleWhileRevalidate: '1h', staleIfError: '1h' });
    expect(freshness(entry, 1_000)).toBe('dead');
  });

  it('is for an error the very object that was thrown, neither copied nor frozen', () => {
    const error = Object.assign(new Error('not found'), { detail: { id: 1 } });
    const entry = retain({ value: error, how: 'threw' });
    expect(entry.value).toBe(error);
    expect(Object.isFrozen(error)).toBe(false);
    expect(Object.isFrozen(error.detail)).toBe(false);
  });

  it.each([[0], [''], [false], [Number.NaN], [0n], [[]]])('is not said of %p, which is a value', (value) => {
    const entry = retain({ value }, { ttl: '1m' });
    expect(entry.terms.form).toBe('shared');
    expect(lifeOf(entry)).toBe(60_000);
  });
});

describe('What is not to be kept', () => {
  it.each([['v'], [null], [undefined], [{ a: 1 }], [new Date(5)]])(
    'is dead from the start and still answers: %p',
    (value) => {
      const entry = retain(
        { value, how: 'skipped', now: 1_000.7 },
        { staleWhileRevalidate: '1h', staleIfError: '1h', sliding: true },
      );
      expect(freshness(entry, 1_000.7)).toBe('dead');
      expect(entry.value).toEqual(value);
    },
  );

  it('is passed on as the very value when it cannot be copied, and is dead from the start', () => {
    const value = {
      get broken(): never {
        throw new Error('no copy');
      },
    };
    const retention = new Retention('freeze', () => 0);
    const policy = policyOf({ staleIfError: '1h' });
    expect(() => retention.retain(outcomeOf({ value }), policy)).toThrow('no copy');
    const entry = retention.passOn(outcomeOf({ value }), policy);
    expect(entry.value).toBe(value);
    expect(entry.terms.form).toBe('shared');
    expect(freshness(entry, 1_000)).toBe('dead');
    expect(entry.quietUntil).toBeLessThanOrEqual(1_000);
  });
});
