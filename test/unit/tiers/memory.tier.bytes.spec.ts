import { describe, expect, it } from '@jest/globals';
import fc from '../../support/properties.js';
import { weighEntry } from '../../../lib/tiers/weigh.js';
import { makeEntry } from './sample-entry.js';
import { keysOf, watched } from './watched-tier.js';

describe('A memory tier bounded by bytes', () => {
  const weightOf = (value: string): number => weighEntry(makeEntry('k00', value));
  const key = (number: number): string => `k${String(number).padStart(2, '0')}`;

  it('never holds more than its bytes, and knows how many it holds', () => {
    const step = fc.tuple(
      fc.constantFrom('set' as const, 'set' as const, 'get' as const, 'delete' as const),
      fc.nat(20),
      fc.integer({ min: 0, max: 1_500 }),
    );
    const max = fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60, size: 'max' }), max, (steps, most) => {
        const maxBytes = 2_000 + weightOf('');
        const { tier, told } = watched({ max: most, maxBytes });
        for (const [verb, number, size] of steps) {
          const before = keysOf(tier);
          told.length = 0;
          if (verb === 'set') tier.set(makeEntry(key(number), 'x'.repeat(2 * size)));
          else if (verb === 'get') tier.get(key(number));
          else tier.delete(key(number));
          const held = [...tier.each()];
          const bytes = held.reduce((sum, entry) => sum + weighEntry(entry), 0);
          // Whoever is gone was deleted, or is told of.
          const explained = verb === 'delete' ? [key(number)] : told.map(([name]) => name);
          const left = new Set(held.map((entry) => entry.key));
          expect({
            bytes: tier.bytes,
            entries: tier.entries,
            isWithinBounds: bytes <= maxBytes && held.length <= (most ?? Infinity),
            unexplained: before.filter((name) => !left.has(name) && !explained.includes(name)),
          }).toEqual({ bytes, entries: held.length, isWithinBounds: true, unexplained: [] });
        }
      }),
      { numRuns: 120 },
    );
  });

  it('counts no bytes where it is bounded by count alone', () => {
    expect(watched({ max: 5 }).tier.bytes).toBeUndefined();
  });

  it('lets go of the least recently used, as many as it takes', () => {
    const { tier, told } = watched({ maxBytes: 3 * weightOf('xx') });
    for (let number = 0; number < 3; number++) tier.set(makeEntry(key(number), 'xx'));
    tier.get(key(0));
    tier.set(makeEntry(key(3), 'x'.repeat(2 + weightOf('xx'))));
    expect(keysOf(tier)).toEqual([key(0), key(3)]);
    expect(told).toEqual([
      [key(1), 'bytes'],
      [key(2), 'bytes'],
    ]);
  });

  it('takes no entry larger than all of it, and has then nothing under that key', () => {
    const { tier, told } = watched({ maxBytes: 2 * weightOf('') });
    tier.set(makeEntry('a'));
    tier.set(makeEntry('b'));
    tier.set(makeEntry('a', 'x'.repeat(5_000)));
    expect(tier.get('a')).toBeUndefined();
    expect(keysOf(tier)).toEqual(['b']);
    expect(told).toEqual([['a', 'too-large']]);
    expect(tier.bytes).toBe(weighEntry(makeEntry('b')));
  });

  it.each([[1n], [-1n], [0n], [0xfffn], [{ id: 2n ** 64n }], [[1n, 1n, 1n]]])(
    'takes %p like any other value',
    (value) => {
      const { tier } = watched({ maxBytes: 10_000 });
      const entry = makeEntry('a', value);
      expect(() => tier.set(entry)).not.toThrow();
      expect(tier.get('a')).toBe(entry);
    },
  );
});
