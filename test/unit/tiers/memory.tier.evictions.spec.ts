import { describe, expect, it } from '@jest/globals';
import type { Entry } from '../../../lib/core/entry.js';
import type { EvictionCause } from '../../../lib/core/observer.js';
import { type MemoryBounds, MemoryTier } from '../../../lib/tiers/memory.tier.js';
import { weighEntry } from '../../../lib/tiers/weigh.js';
import { makeEntry } from './sample-entry.js';
import { watched } from './watched-tier.js';

describe('The cause that is told of an eviction', () => {
  const weight = weighEntry(makeEntry('a', ''));
  const big = (key: string): Entry => makeEntry(key, 'x'.repeat(weight));

  it.each<[string, Partial<MemoryBounds>, Entry[], [string, EvictionCause][]]>([
    ['count, of a tier bounded by count', { max: 2 }, ['a', 'b', 'c'].map((key) => makeEntry(key)), [['a', 'count']]],
    [
      'bytes, of a tier bounded by bytes',
      { maxBytes: 2 * weight },
      ['a', 'b', 'c'].map((key) => makeEntry(key, '')),
      [['a', 'bytes']],
    ],
    [
      'count, where both bounds are there and there is room in bytes',
      { max: 2, maxBytes: 100 * weight },
      ['a', 'b', 'c'].map((key) => makeEntry(key, '')),
      [['a', 'count']],
    ],
    [
      'bytes, where both bounds are there and there is room in number',
      { max: 10, maxBytes: 2 * weight },
      ['a', 'b', 'c'].map((key) => makeEntry(key, '')),
      [['a', 'bytes']],
    ],
    [
      'bytes, where the entry that is one too many in bytes is the last that the number allows',
      { max: 3, maxBytes: 2 * weight },
      ['a', 'b', 'c'].map((key) => makeEntry(key, '')),
      [['a', 'bytes']],
    ],
    [
      'bytes, where an entry of a full tier is replaced by a larger one',
      { max: 3, maxBytes: 3 * weight },
      [...['a', 'b', 'c'].map((key) => makeEntry(key, '')), big('c')],
      [['a', 'bytes']],
    ],
    [
      'too-large, of an entry larger than the tier',
      { max: 10, maxBytes: weight },
      [makeEntry('a', 'x')],
      [['a', 'too-large']],
    ],
  ])('is %s', (_words, bounds, entries, causes) => {
    const { tier, told } = watched(bounds);
    for (const entry of entries) tier.set(entry);
    expect(told).toEqual(causes);
  });

  it('is told after the entry that pushed it out is there', () => {
    const seen: (string | undefined)[] = [];
    const tier: MemoryTier = new MemoryTier({ max: 1, maxBytes: undefined }, (entry) =>
      seen.push(entry.key, tier.get('b')?.key, tier.get('a')?.key),
    );
    tier.set(makeEntry('a'));
    tier.set(makeEntry('b'));
    expect(seen).toEqual(['a', 'b', undefined]);
  });

  it('is not told of what was deleted, replaced or cleared', () => {
    const { tier, told } = watched({ max: 5, maxBytes: 100_000 });
    tier.set(makeEntry('a'));
    tier.set(makeEntry('a'));
    tier.delete('a');
    tier.set(makeEntry('b'));
    tier.clear();
    expect(told).toEqual([]);
  });
});

describe('An observer that calls the memory tier from an eviction', () => {
  it.each<[string, (tier: MemoryTier, evicted: Entry) => void]>([
    ['to read', (tier, evicted) => void tier.get(evicted.key)],
    ['to delete what pushed it out', (tier) => tier.delete('k9')],
    ['to clear everything', (tier) => tier.clear()],
    ['to store something else', (tier, evicted) => tier.set(makeEntry(`copy of ${evicted.key}`))],
    ['to walk over everything', (tier) => void [...tier.each()]],
  ])('%s does no harm', (_words, act) => {
    const told: string[] = [];
    let depth = 0;
    const tier: MemoryTier = new MemoryTier({ max: 3, maxBytes: 50_000 }, (entry) => {
      told.push(entry.key);
      if (depth === 3) return;
      depth++;
      act(tier, entry);
      depth--;
    });
    for (let index = 0; index < 12; index++) tier.set(makeEntry(`k${index}`));
    const held = [...tier.each()];
    expect(tier.entries).toBe(held.length);
    expect(tier.entries).toBeLessThanOrEqual(3);
    expect(new Set(held.map((entry) => entry.key)).size).toBe(held.length);
    for (const entry of held) expect(tier.get(entry.key)).toBe(entry);
    expect(tier.bytes).toBe(held.reduce((sum, entry) => sum + weighEntry(entry), 0));
    expect(new Set(told).size).toBe(told.length);
  });
});
