import { strict as assert } from 'node:assert';
import { Entry } from '../core/entry.js';
import type { NearTier } from '../tiers/near-tier.js';
import type { ConformanceCase } from './conformance-case.js';

/** What every near tier has to do. `make` gives an empty tier that can hold at least 100 small entries. */
export function nearTierCases(make: () => NearTier): readonly ConformanceCase[] {
  return CASES.map(([name, check]) => ({
    name,
    run: () =>
      new Promise<void>((resolve) => {
        check(make());
        resolve();
      }),
  }));
}

const CASES: readonly (readonly [name: string, check: (tier: NearTier) => void])[] = [
  [
    'has nothing at first',
    (tier) => {
      assert.equal(tier.get('a'), undefined);
      assert.equal(tier.entries, 0);
      assert.deepEqual([...tier.each()], []);
    },
  ],
  [
    'gives back the very entry it was given',
    (tier) => {
      const entry = sampleEntry('a');
      tier.set(entry);
      assert.equal(tier.get('a'), entry);
      assert.equal(tier.entries, 1);
    },
  ],
  [
    'keeps one entry per key, the last',
    (tier) => {
      tier.set(sampleEntry('a'));
      const later = sampleEntry('a');
      tier.set(later);
      assert.equal(tier.get('a'), later);
      assert.equal(tier.entries, 1);
      assert.deepEqual([...tier.each()], [later]);
    },
  ],
  [
    'takes the same entry twice without keeping it twice',
    (tier) => {
      const entry = sampleEntry('a');
      tier.set(entry);
      tier.set(entry);
      assert.equal(tier.entries, 1);
      assert.deepEqual([...tier.each()], [entry]);
    },
  ],
  [
    'says of an entry whether it is the one it holds',
    (tier) => {
      const [a, b] = fill(tier, ['a', 'b']) as [Entry, Entry];
      assert.deepEqual([tier.use(a), tier.use(a), tier.use(b)], [true, true, true]);
      tier.delete('a');
      tier.set(sampleEntry('b'));
      assert.deepEqual([tier.use(a), tier.use(b), tier.use(sampleEntry('c'))], [false, false, false]);
      assert.equal(tier.get('a'), undefined);
      assert.equal(tier.entries, 1);
      tier.clear();
      assert.equal(tier.use(b), false);
    },
  ],
  [
    'deletes one entry and leaves the others',
    (tier) => {
      const [, b] = fill(tier, ['a', 'b']);
      tier.delete('a');
      assert.equal(tier.get('a'), undefined);
      assert.equal(tier.get('b'), b);
      assert.deepEqual([...tier.each()], [b]);
    },
  ],
  [
    'deletes what is not there without complaint',
    (tier) => {
      tier.delete('a');
      assert.equal(tier.entries, 0);
    },
  ],
  [
    'clears everything, and can be used again',
    (tier) => {
      fill(tier, ['a', 'b', 'c']);
      tier.clear();
      assert.equal(tier.entries, 0);
      assert.deepEqual([...tier.each()], []);
      fill(tier, ['a']);
      assert.equal(tier.entries, 1);
    },
  ],
  [
    'tells keys apart by every character, empty and odd ones included',
    (tier) => {
      const keys = ['', ' ', 'a', 'A', '__proto__', 'constructor', 'a\u0000b', '\ud800', '\ud801', 'é', 'e\u0301'];
      const entries = fill(tier, keys);
      keys.forEach((key, index) => assert.equal(tier.get(key), entries[index]));
    },
  ],
  [
    'judges nothing: an entry past its end is given back',
    (tier) => {
      const entry = sampleEntry('a', -1_000);
      tier.set(entry);
      assert.equal(tier.get('a'), entry);
    },
  ],
  [
    'meets every entry that stays, whatever leaves, comes and is read during the walk',
    (tier) => {
      const keys = Array.from({ length: 60 }, (_, index) => `k${index}`);
      fill(tier, keys);
      const leaving = new Set(keys.filter((_, index) => index % 3 === 0));
      const met = new Set<string>();
      const pass = tier.each();
      for (let step = 0, next = pass.next(); next.done !== true; step++, next = pass.next()) {
        met.add(next.value.key);
        const key = keys[(step * 7) % keys.length] as string;
        if (leaving.has(key)) tier.delete(key);
        else tier.get(key);
        if (step < 20) tier.set(sampleEntry(`new${step}`));
      }
      for (const key of keys) assert.ok(leaving.has(key) || met.has(key), `${key} was not met`);
    },
  ],
];

function fill(tier: NearTier, keys: readonly string[]): Entry[] {
  return keys.map((key) => {
    const entry = sampleEntry(key);
    tier.set(entry);
    return entry;
  });
}

function sampleEntry(key: string, freshUntil = 1_000): Entry {
  return new Entry({
    key,
    value: `value of ${key}`,
    terms: { form: 'shared', staleWhileRevalidate: 0, staleIfError: 0, slidingTtl: 0, refreshAhead: undefined },
    tags: [],
    position: 0,
    born: 0,
    freshUntil,
    quietUntil: freshUntil,
    loadMs: 0,
  });
}
