import { describe, expect, it } from '@jest/globals';
import { weighEntry } from '../../../lib/tiers/weigh.js';
import { makeEntry } from './sample-entry.js';

describe('The estimated bytes of an entry', () => {
  const of = (value: unknown, tags: readonly string[] = [], key = 'k'): number =>
    weighEntry(makeEntry(key, value, tags));
  const empty = of(null);

  it.each<[string, unknown, number]>([
    ['a text', 'x'.repeat(1_000), 1_000],
    ['a text of two bytes each', 'é'.repeat(1_000), 1_000],
    ['a list of numbers', Array.from({ length: 1_000 }, (_, index) => index + 0.5), 8_000],
    ['an object', Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`k${index}`, 'x'.repeat(50)])), 5_000],
    ['a Map', new Map([['k'.repeat(500), 'v'.repeat(500)]]), 1_000],
    ['a Set', new Set(['v'.repeat(500)]), 500],
    ['a Buffer', Buffer.alloc(4_000), 4_000],
    ['a typed array', new Float64Array(500), 4_000],
    ['an ArrayBuffer', new ArrayBuffer(4_000), 4_000],
    ['a nested value', { a: [{ b: ['x'.repeat(700)] }] }, 700],
  ])('are at least those of what it holds: %s', (_words, value, bytes) => {
    expect(of(value) - empty).toBeGreaterThanOrEqual(bytes);
  });

  it('count the names of properties, which are kept like any other text', () => {
    const byName = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`${index}`.padEnd(1_000, 'x'), 1]));
    expect(of(byName) - empty).toBeGreaterThanOrEqual(100_000);
  });

  it('count the digits of a bigint', () => {
    expect(of(2n ** 80_000n) - empty).toBeGreaterThanOrEqual(10_000);
  });

  it('count the key and the tags', () => {
    expect(of(null, [], 'k'.repeat(1_001)) - empty).toBe(1_000);
    expect(of(null, ['t'.repeat(500), 't'.repeat(500)]) - empty).toBeGreaterThanOrEqual(1_000);
  });

  it('count once what is referred to twice', () => {
    const part = { text: 'x'.repeat(10_000) };
    expect(of([part, part, { part }]) - empty).toBeLessThan(11_000);
    expect(of([part]) - empty).toBeGreaterThanOrEqual(10_000);
  });

  it('end for a value that contains itself', () => {
    const value: { self?: unknown; text: string } = { text: 'x'.repeat(1_000) };
    value.self = new Map([[value, [value]]]);
    expect(of(value) - empty).toBeGreaterThanOrEqual(1_000);
    expect(of(value) - empty).toBeLessThan(2_000);
  });

  it('are found for 100,000 levels', () => {
    let value: unknown = 'x';
    for (let level = 0; level < 100_000; level++) value = [value];
    expect(of(value)).toBeGreaterThan(100_000 * 8);
  });

  it('are found for lists, Maps and Sets of half a million', () => {
    const items = Array.from({ length: 500_000 }, (_, index) => index);
    for (const value of [items, new Map(items.map((item) => [item, item])), new Set(items)]) {
      expect(of(value)).toBeGreaterThan(500_000 * 8);
    }
  });

  it('are found at once for a sparse array of length 10^8', () => {
    const value: unknown[] = [];
    value[99_999_999] = 1;
    expect(of(value)).toBeLessThan(10_000);
  });

  it('are found for a shared instance whose property throws when it is read, so that it can be stored', () => {
    const value = {
      get broken(): never {
        throw new Error('no');
      },
    };
    expect(() => of(value)).not.toThrow();
  });

  it.each([[0n], [1n], [-1n], [0xffn], [0x100n], [-0x1000n], [2n ** 64n], [[1n, 2n]], [{ id: 1n }]])(
    'are a whole number above 0 for the bigints in %p, whatever their digits',
    (value) => {
      expect(Number.isSafeInteger(of(value))).toBe(true);
      expect(of(value)).toBeGreaterThan(empty);
    },
  );

  it.each([[undefined], [null], [true], [Symbol('x')], [(): void => undefined], [{}], [''], [0]])(
    'are a whole number above 0 for %p',
    (value) => {
      expect(Number.isSafeInteger(of(value))).toBe(true);
      expect(of(value)).toBeGreaterThan(0);
    },
  );
});
