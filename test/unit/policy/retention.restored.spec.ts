import { describe, expect, it } from '@jest/globals';
import { type Entry, freshness } from '../../../lib/core/entry.js';
import type { Isolation } from '../../../lib/policy/isolation.js';
import type { CachePolicyOptions } from '../../../lib/policy/options.js';
import { DEFAULT_POLICY, resolvePolicy } from '../../../lib/policy/resolve-policy.js';
import { type Kept, Retention } from '../../../lib/policy/retention.js';

const KEPT: Kept = {
  ...{ value: { id: 1 }, tags: ['users'], born: 1_000, freshUntil: 11_000 },
  ...{ staleWhileRevalidate: 0, staleIfError: 0, loadMs: 40 },
};

function restore(
  kept: Partial<Kept> = {},
  options: CachePolicyOptions = {},
  { isolation = 'freeze', now = 5_000 }: { isolation?: Isolation; now?: number } = {},
): Entry {
  const fail = (): never => {
    throw new Error('nothing is left to chance');
  };
  const policy = resolvePolicy(DEFAULT_POLICY, options);
  const retention = new Retention(isolation, fail, 'memory and another');
  return retention.restore({ ...KEPT, ...kept }, { key: 'k', position: 7, now }, policy);
}

describe('What another tier kept', () => {
  it('has the life it was given when it was stored, whatever the reader’s options say', () => {
    const entry = restore({}, { ttl: '1h', staleWhileRevalidate: '1h', staleIfError: '1h' });
    expect(entry).toMatchObject({
      key: 'k',
      position: 7,
      tags: ['users'],
      born: 1_000,
      freshUntil: 11_000,
      loadMs: 40,
    });
    expect([10_999, 11_000].map((now) => freshness(entry, now))).toEqual(['fresh', 'dead']);
  });

  it('has the windows it was given', () => {
    const entry = restore({ staleWhileRevalidate: 2_000, staleIfError: 5_000 });
    expect([11_000, 12_999, 13_000, 15_999, 16_000].map((now) => freshness(entry, now))).toEqual([
      ...['stale', 'stale', 'grace', 'grace', 'dead'],
    ]);
    expect(entry.askAt).toBe(16_000);
  });

  it('lies in memory in whole milliseconds', () => {
    const entry = restore({ born: 999.7, freshUntil: 10_999.2 });
    expect([entry.born, entry.freshUntil, entry.quietUntil]).toEqual([999, 10_999, 10_999]);
  });

  it('is asked for again when the time in memory is over, which counts from now', () => {
    const entry = restore({}, { memoryTtl: '3s' }, { now: 5_000.5 });
    expect([entry.askAt, entry.quietUntil]).toEqual([8_000, 8_000]);
    expect(restore({}, { memoryTtl: '1m' }).quietUntil).toBe(11_000);
  });

  it.each<[CachePolicyOptions['refreshAhead'], number]>([
    [undefined, 11_000],
    [0.8, 9_000],
    ['adaptive', 11_000 - 20 * 40],
  ])('is refreshed as early as the reader’s options say: %s', (refreshAhead, quietUntil) => {
    const options = refreshAhead === undefined ? {} : { refreshAhead };
    expect(restore({}, options).quietUntil).toBe(quietUntil);
  });

  it.each([null, undefined])('may be %s, which ends with its time', (value) => {
    const entry = restore({ value, staleWhileRevalidate: 60_000, staleIfError: 60_000 }, { refreshAhead: 0.5 });
    expect(entry.terms).toMatchObject({ form: 'negative', refreshAhead: undefined });
    expect([entry.value, entry.quietUntil <= 1_000, freshness(entry, 11_000)]).toEqual([value, true, 'dead']);
  });

  it.each<[Isolation, unknown, string]>([
    ['freeze', { id: 1 }, 'shared'],
    ['freeze', { at: new Date(5) }, 'cloned'],
    ['clone', { id: 1 }, 'cloned'],
    ['share', { id: 1 }, 'shared'],
    ['freeze', 'text', 'shared'],
  ])('is kept from its readers by %s: %j', (isolation, value, form) => {
    const entry = restore({ value }, {}, { isolation });
    expect([entry.terms.form, entry.value]).toEqual([form, value]);
    expect(form === 'cloned' || Object.isFrozen(entry.value) === (isolation === 'freeze')).toBe(true);
    // Whoever is to get a copy cannot be answered in passing.
    expect(entry.quietUntil).toBe(form === 'shared' ? 11_000 : 1_000);
  });

  it('shares its terms with others like it', () => {
    const retention = new Retention('freeze', () => 0, 'memory and another');
    const policy = resolvePolicy(DEFAULT_POLICY, {});
    const [one, other] = ['a', 'b'].map((key) => retention.restore(KEPT, { key, position: 0, now: 0 }, policy));
    expect(one?.terms).toBe(other?.terms);
  });

  it('may be over already', () => {
    expect(freshness(restore({}, {}, { now: 20_000 }), 20_000)).toBe('dead');
  });
});
