import { describe, expect, it } from '@jest/globals';
import type { Entry, Form, Terms } from '../../../lib/core/entry.js';
import type { CachePolicyOptions } from '../../../lib/policy/options.js';
import { type CachePolicy, DEFAULT_POLICY, resolvePolicy } from '../../../lib/policy/resolve-policy.js';
import { Retention } from '../../../lib/policy/retention.js';
import { endingTerms, SharedTerms, termsOf } from '../../../lib/policy/terms.js';

const policyOf = (options: CachePolicyOptions): CachePolicy => resolvePolicy(DEFAULT_POLICY, options);

const WINDOWS: CachePolicyOptions = {
  ttl: '1m',
  staleWhileRevalidate: '10s',
  staleIfError: '1h',
  sliding: true,
  refreshAhead: 0.8,
};

const WITH_WINDOWS: Terms = {
  form: 'shared',
  staleWhileRevalidate: 10_000,
  staleIfError: 3_600_000,
  slidingTtl: 60_000,
  refreshAhead: 0.8,
};

describe('The terms of a policy', () => {
  it('are its windows, its sliding and its early refresh, frozen', () => {
    const terms = new SharedTerms().of(termsOf('shared', policyOf(WINDOWS)));
    expect(terms).toEqual(WITH_WINDOWS);
    expect(Object.isFrozen(terms)).toBe(true);
  });

  it('are the very same object for equal policies, however those came about', () => {
    const shared = new SharedTerms();
    const base = policyOf({ sliding: true, staleIfError: '60m' });
    const other = resolvePolicy(base, { ttl: 60_000, staleWhileRevalidate: 10_000, refreshAhead: 0.8, tags: ['t'] });
    expect(shared.of(termsOf('shared', other))).toBe(shared.of(termsOf('shared', policyOf(WINDOWS))));
  });

  it('are the same for policies that differ in nothing a hit has to know', () => {
    const shared = new SharedTerms();
    const one = policyOf({ ttl: '1m', jitter: 0, tags: ['a'], timeout: '1s' });
    const other = policyOf({ ttl: '1h', jitter: 0.5, tags: ['b'], timeout: false, negativeTtl: false });
    expect(shared.of(termsOf('shared', one))).toBe(shared.of(termsOf('shared', other)));
  });

  it.each<[string, Form, CachePolicyOptions]>([
    ['form', 'cloned', {}],
    ['stale window', 'shared', { staleWhileRevalidate: 10_001 }],
    ['grace', 'shared', { staleIfError: 10_000 }],
    ['sliding', 'shared', { sliding: false }],
    ['ttl while it slides', 'shared', { ttl: '2m' }],
    ['early refresh', 'shared', { refreshAhead: 'adaptive' }],
  ])('are others where the %s differs', (_words, form, options) => {
    const shared = new SharedTerms();
    const terms = shared.of(termsOf('shared', policyOf(WINDOWS)));
    const others = shared.of(termsOf(form, policyOf({ ...WINDOWS, ...options })));
    expect(others).not.toBe(terms);
    expect(others).not.toEqual(terms);
    expect(terms).toEqual(WITH_WINDOWS);
  });

  it('tell windows apart that look alike when written one after the other', () => {
    const shared = new SharedTerms();
    const pairs: readonly [number, number][] = [
      [1, 12],
      [11, 2],
      [112, 0],
      [0, 112],
      [1.5, 2],
      [1, 5.2],
    ];
    const terms = pairs.map(([staleWhileRevalidate, staleIfError]) =>
      shared.of(termsOf('shared', policyOf({ staleWhileRevalidate, staleIfError }))),
    );
    expect(terms.map((one) => [one.staleWhileRevalidate, one.staleIfError])).toEqual(pairs);
  });

  it('slide in whole milliseconds, and at least one', () => {
    const slidingTtlOf = (ttl: number): number =>
      new SharedTerms().of(termsOf('shared', policyOf({ ttl, sliding: true }))).slidingTtl;
    expect([0.5, 1, 1.9, 1_000.7].map(slidingTtlOf)).toEqual([1, 1, 1, 1_000]);
  });

  it('are right also after 1,000 different ones, and the first 1,000 are still shared', () => {
    const shared = new SharedTerms();
    const sharedOf = (staleWhileRevalidate: number): Terms =>
      shared.of(termsOf('shared', policyOf({ ...WINDOWS, staleWhileRevalidate })));
    const first = Array.from({ length: 1_000 }, (_, index) => sharedOf(index));
    for (const staleWhileRevalidate of [1_000, 1_001, 5_000, 5_000]) {
      const terms = sharedOf(staleWhileRevalidate);
      expect(terms).toEqual({ ...WITH_WINDOWS, staleWhileRevalidate });
      expect(Object.isFrozen(terms)).toBe(true);
    }
    expect(first.filter((terms, index) => terms !== sharedOf(index))).toEqual([]);
    expect(first.map((terms) => terms.staleWhileRevalidate)).toEqual(
      Array.from({ length: 1_000 }, (_, index) => index),
    );
  });
});

describe('The terms of what simply ends', () => {
  it.each<[Form]>([['shared'], ['cloned'], ['negative'], ['error']])('are without windows and frozen: %s', (form) => {
    const terms = endingTerms(form);
    expect(terms).toEqual({ form, staleWhileRevalidate: 0, staleIfError: 0, slidingTtl: 0, refreshAhead: undefined });
    expect(Object.isFrozen(terms)).toBe(true);
    expect(endingTerms(form)).toBe(terms);
  });
});

describe('The entries of a cache', () => {
  const retain = (retention: Retention, value: unknown, options: CachePolicyOptions): Entry =>
    retention.retain(
      { key: 'k', value, how: 'returned', position: 0, now: 1_000, loadMs: 0 },
      policyOf({ jitter: 0, ...options }),
    );

  it('share the very same terms when their policies are equal', () => {
    const retention = new Retention('freeze', () => 0);
    const one = retain(retention, 'a', WINDOWS);
    expect(retain(retention, { other: 'value' }, { ...WINDOWS }).terms).toBe(one.terms);
    expect(retain(retention, new Date(0), WINDOWS).terms).toEqual({ ...WITH_WINDOWS, form: 'cloned' });
    expect(retain(retention, 'a', { ...WINDOWS, sliding: false }).terms).toEqual({ ...WITH_WINDOWS, slidingTtl: 0 });
  });

  it('have the terms of their own policy after 1,000 different ones', () => {
    const retention = new Retention('freeze', () => 0);
    const graces = Array.from({ length: 1_200 }, (_, index) => index + 1);
    const entries = graces.map((staleIfError) => retain(retention, 'v', { staleIfError }));
    expect(entries.map((entry) => entry.terms.staleIfError)).toEqual(graces);
    expect(retain(retention, 'v', { staleIfError: 1 }).terms).toBe(entries[0]?.terms);
  });
});
