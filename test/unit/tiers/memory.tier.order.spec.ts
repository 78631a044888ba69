import { describe, expect, it } from '@jest/globals';
import fc from '../../support/properties.js';
import type { MemoryTier } from '../../../lib/tiers/memory.tier.js';
import { makeEntry } from './sample-entry.js';
import { keysOf, watched } from './watched-tier.js';

type Op = readonly [verb: 'set' | 'set again' | 'get' | 'delete' | 'clear', key: number];

/** Keys from the least to the most recently used. */
class Model {
  readonly #max: number;
  order: string[] = [];
  evicted: string[] = [];

  constructor(max: number) {
    this.#max = max;
  }

  use(key: string): void {
    if (!this.order.includes(key)) return;
    this.order = [...this.order.filter((other) => other !== key), key];
  }

  set(key: string): void {
    if (this.order.includes(key)) return this.use(key);
    if (this.order.length === this.#max) this.evicted.push(this.order.shift() as string);
    this.order.push(key);
  }

  delete(key: string): void {
    this.order = this.order.filter((other) => other !== key);
  }
}

const perform = (tier: MemoryTier, model: Model, [verb, number]: Op): void => {
  const key = `k${number}`;
  if (verb === 'set') {
    tier.set(makeEntry(key));
    model.set(key);
  } else if (verb === 'set again') {
    const there = [...tier.each()].find((entry) => entry.key === key);
    if (there === undefined) return;
    tier.set(there);
    model.set(key);
  } else if (verb === 'get') {
    expect(tier.get(key)?.key).toBe(model.order.includes(key) ? key : undefined);
    model.use(key);
  } else if (verb === 'delete') {
    tier.delete(key);
    model.delete(key);
  } else {
    tier.clear();
    model.order = [];
  }
};

const opsOf = (verbs: readonly (readonly [weight: number, verb: Op[0]])[]): fc.Arbitrary<Op[]> =>
  fc.array(
    fc.tuple(
      fc.oneof(...verbs.map(([weight, verb]) => ({ weight, arbitrary: fc.constant(verb) }))),
      fc.integer({ min: 0, max: 11 }),
    ),
    { maxLength: 60, size: 'max' },
  );

const expectModelled = (max: number, ops: readonly Op[]): void => {
  const { tier, told } = watched({ max });
  const model = new Model(max);
  for (const op of ops) {
    perform(tier, model, op);
    const held = keysOf(tier).join();
    if (held !== [...model.order].sort().join()) expect(held).toBe([...model.order].sort().join());
  }
  expect(told).toEqual(model.evicted.map((key) => [key, 'count']));
};

describe('A memory tier of few entries', () => {
  it('lets go of the least recently used entry, exactly, whatever is done with it', () => {
    const ops = opsOf([
      [12, 'set'],
      [12, 'get'],
      [4, 'delete'],
      [1, 'clear'],
    ]);
    fc.assert(fc.property(fc.integer({ min: 1, max: 8 }), ops, expectModelled), { numRuns: 200 });
  });

  it('takes it for a use when an entry that it holds is set again', () => {
    const ops = opsOf([
      [4, 'set'],
      [3, 'get'],
      [3, 'set again'],
    ]);
    fc.assert(fc.property(fc.integer({ min: 1, max: 8 }), ops, expectModelled), { numRuns: 200 });
  });

  it('keeps the exact order up to 63 entries', () => {
    const { tier, told } = watched({ max: 63 });
    for (let index = 0; index < 63; index++) tier.set(makeEntry(`k${index}`));
    for (let index = 0; index < 62; index++) tier.get(`k${index}`);
    tier.set(makeEntry('new'));
    expect(told).toEqual([['k62', 'count']]);
  });
});

describe('A memory tier of many entries', () => {
  it('never lets go of an entry used more than an eighth of its insertions later than another that it keeps', () => {
    const step = fc.tuple(fc.constantFrom('get' as const, 'get' as const, 'set' as const), fc.nat(149));
    fc.assert(
      fc.property(
        fc.integer({ min: 64, max: 100 }),
        fc.array(step, { minLength: 100, maxLength: 400, size: 'max' }),
        (max, steps) => {
          const { tier, told } = watched({ max });
          const usedAt = new Map<string, number>();
          let insertions = 0;
          const set = (key: string): void => {
            tier.set(makeEntry(key));
            usedAt.set(key, ++insertions);
          };
          for (let index = 0; index < max; index++) set(`k${index}`);
          for (const [verb, number] of steps) {
            const key = `k${number}`;
            if (verb === 'set') set(key);
            else if (tier.get(key) !== undefined) usedAt.set(key, insertions);
            for (const [evicted] of told.splice(0)) {
              const last = usedAt.get(evicted) as number;
              usedAt.delete(evicted);
              expect(Math.min(...usedAt.values())).toBeGreaterThanOrEqual(last - (max >> 3));
            }
          }
          expect(tier.entries).toBe(max);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('keeps what is used all the time through any number of insertions', () => {
    const { tier } = watched({ max: 200 });
    tier.set(makeEntry('hot'));
    for (let index = 0; index < 5_000; index++) {
      tier.set(makeEntry(`k${index}`));
      expect(tier.get('hot')).toBeDefined();
    }
  });
});
