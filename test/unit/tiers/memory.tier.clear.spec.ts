import { describe, expect, it } from '@jest/globals';
import { type MemoryBounds, MemoryTier } from '../../../lib/tiers/memory.tier.js';
import { weighEntry } from '../../../lib/tiers/weigh.js';
import { makeEntry } from './sample-entry.js';
import { keysOf, watched } from './watched-tier.js';

const fill = (tier: MemoryTier, count: number, name = 'k'): void => {
  for (let index = 0; index < count; index++) tier.set(makeEntry(`${name}${index}`));
};

const bounds: readonly [string, Partial<MemoryBounds>][] = [
  ['count', { max: 100 }],
  ['bytes', { maxBytes: 1_000_000 }],
  ['both', { max: 100, maxBytes: 1_000_000 }],
];

describe('A memory tier that is cleared', () => {
  it.each(bounds)('is as empty as a new one when bounded by %s', (_words, bound) => {
    const { tier, told } = watched(bound);
    fill(tier, 10);
    tier.clear();
    expect(tier.entries).toBe(0);
    expect(tier.bytes).toBe(bound.maxBytes === undefined ? undefined : 0);
    expect(tier.get('k0')).toBeUndefined();
    expect([...tier.each()]).toEqual([]);
    expect(told).toEqual([]);
  });

  it.each(bounds)('takes entries again when bounded by %s, those it held before as well', (_words, bound) => {
    const { tier } = watched(bound);
    const entry = makeEntry('a');
    tier.set(entry);
    fill(tier, 5);
    tier.clear();
    tier.set(entry);
    tier.set(makeEntry('b'));
    tier.delete('b');
    expect([...tier.each()]).toEqual([entry]);
    expect(tier.get('a')).toBe(entry);
    expect(tier.bytes).toBe(bound.maxBytes === undefined ? undefined : weighEntry(entry));
  });

  it('ends a walk that is under way', () => {
    const { tier } = watched({ max: 100 });
    fill(tier, 50);
    const walk = tier.each();
    for (let step = 0; step < 5; step++) walk.next();
    tier.clear();
    expect(walk.next()).toEqual({ done: true, value: undefined });
    expect(walk.next()).toEqual({ done: true, value: undefined });
  });

  it('lets a walk that is under way end though new entries come, and never shows it an old one', () => {
    const { tier } = watched({ max: 100 });
    fill(tier, 50);
    const walk = tier.each();
    walk.next();
    tier.clear();
    fill(tier, 20, 'new');
    const met = [...walk].map((entry) => entry.key);
    expect(met.filter((key) => !key.startsWith('new'))).toEqual([]);
    expect(new Set(met).size).toBe(met.length);
  });

  it('goes on telling of evictions, with their causes', () => {
    const { tier, told } = watched({ max: 2, maxBytes: 4 * weighEntry(makeEntry('k0')) });
    fill(tier, 2);
    tier.clear();
    fill(tier, 3);
    expect(told).toEqual([['k0', 'count']]);
    tier.clear();
    tier.set(makeEntry('large', 'x'.repeat(10_000)));
    tier.set(makeEntry('a', 'x'.repeat(1_000)));
    tier.set(makeEntry('b', 'x'.repeat(1_000)));
    expect(told.slice(1)).toEqual([
      ['large', 'too-large'],
      ['a', 'bytes'],
    ]);
  });

  it('keeps the order of use anew', () => {
    const { tier, told } = watched({ max: 3 });
    fill(tier, 3);
    tier.clear();
    fill(tier, 3);
    tier.get('k0');
    tier.set(makeEntry('new'));
    expect(told).toEqual([['k1', 'count']]);
    expect(keysOf(tier)).toEqual(['k0', 'k2', 'new']);
  });

  it('is empty also when it held 200,000 entries, and holds as many again', () => {
    const { tier, told } = watched({ max: 200_000 });
    fill(tier, 200_000);
    tier.clear();
    expect(tier.entries).toBe(0);
    expect(tier.get('k199999')).toBeUndefined();
    tier.set(makeEntry('k0'));
    expect(keysOf(tier)).toEqual(['k0']);
    expect(told).toEqual([]);
  });
});

describe('A memory tier that is cleared from an eviction', () => {
  it('holds afterwards only what was stored since', () => {
    let evictions = 0;
    const tier: MemoryTier = new MemoryTier({ max: 3, maxBytes: undefined }, () => {
      evictions++;
      tier.clear();
    });
    fill(tier, 3);
    tier.set(makeEntry('one too many'));
    expect([evictions, tier.entries]).toEqual([1, 0]);
    fill(tier, 3, 'later');
    expect(keysOf(tier)).toEqual(['later0', 'later1', 'later2']);
  });
});
