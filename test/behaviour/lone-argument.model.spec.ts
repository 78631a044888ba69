import { describe, expect, it } from '@jest/globals';
import { type CallOptions, createLayerCache, type LayerCache, type LayerCacheOptions } from '../../lib/index.js';
import { keyOfCall } from '../../lib/policy/key.js';
import { ManualClock, RecordingObserver } from '../../lib/testing/index.js';
import fc from '../support/properties.js';
import { settle } from '../support/source.js';

const NAMES = ['find', 'count'] as const;
const ARGUMENTS: readonly unknown[] = [
  'x',
  'y',
  '',
  '1',
  1,
  0,
  -0,
  -1,
  1.5,
  Number.NaN,
  null,
  'l'.repeat(199),
  'l'.repeat(200),
];

type Name = (typeof NAMES)[number];
type Step =
  | { readonly does: 'call'; readonly name: Name; readonly args: readonly unknown[]; readonly times: number }
  | { readonly does: 'set' | 'delete' | 'get'; readonly key: string }
  | { readonly does: 'invalidate'; readonly tag: string }
  | { readonly does: 'advance'; readonly ms: number }
  | { readonly does: 'clear' | 'fail' | 'heal' };
type CallBy = (cache: LayerCache, name: Name, load: () => unknown) => (...args: unknown[]) => Promise<unknown>;

/** The options of each name's calls: two ways to be kept. */
const CALLS: Readonly<Record<Name, CallOptions>> = {
  find: { tags: ['found'] },
  count: { ttl: 700, negativeTtl: false },
};

const wrapped: CallBy = (cache, name, load) =>
  cache.wrap(name, (..._args: unknown[]) => new Promise((resolve) => resolve(load())), CALLS[name]);

/** The same without any shortcut: a key for each call. */
const byKey: CallBy =
  (cache, name, load) =>
  (...args) =>
    cache.getOrSet(keyOfCall(name, args), () => new Promise((resolve) => resolve(load())), CALLS[name]);

/** One cache with all that can be seen of it, whose calls are made in one of the two ways. */
class Side {
  readonly seen: unknown[] = [];
  readonly #clock = new ManualClock(1_000);
  readonly #heard = new RecordingObserver();
  readonly #cache: LayerCache;
  readonly #calls: Readonly<Record<Name, (...args: unknown[]) => Promise<unknown>>>;
  #loads = 0;
  #isDown = false;

  constructor(options: LayerCacheOptions, callBy: CallBy) {
    this.#cache = createLayerCache(
      { jitter: 0, ...options, observers: [this.#heard] },
      { clock: this.#clock, random: () => 0.5, warn: () => undefined },
    );
    const load = (): unknown => {
      if (this.#isDown) throw new Error('down');
      const loads = ++this.#loads;
      return loads % 5 === 0 ? null : loads % 7 === 0 ? new Map([[loads, loads]]) : { loads };
    };
    this.#calls = { find: callBy(this.#cache, 'find', load), count: callBy(this.#cache, 'count', load) };
  }

  async do(step: Step): Promise<void> {
    this.seen.push(await Promise.allSettled(this.#answers(step)));
    await settle();
    this.seen.push(this.#heard.events.splice(0), this.#cache.stats());
  }

  #answers(step: Step): Promise<unknown>[] {
    switch (step.does) {
      case 'call':
        return Array.from({ length: step.times }, () => this.#calls[step.name](...step.args));
      case 'set':
        return [this.#cache.set(step.key, { set: ++this.#loads }, { tags: ['set'] })];
      case 'delete':
        return [this.#cache.delete(step.key)];
      case 'get':
        return [this.#cache.get(step.key)];
      case 'invalidate':
        return [this.#cache.invalidateTags(step.tag)];
      case 'advance':
        return [this.#clock.advance(step.ms)];
      case 'clear':
        return [this.#cache.clear()];
      default:
        this.#isDown = step.does === 'fail';
        return [];
    }
  }
}

const argument = fc.constantFrom(...ARGUMENTS);
const args = fc.oneof(
  { weight: 8, arbitrary: argument.map((one) => [one]) },
  fc.constantFrom<unknown[]>([], ['x', undefined], ['x', 1], [0, 0]),
);
const name = fc.constantFrom(...NAMES);
const key = fc.tuple(name, args).map(([called, given]) => keyOfCall(called, given));
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 14,
    arbitrary: fc.record({ does: fc.constant('call' as const), name, args, times: fc.integer({ min: 1, max: 3 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ does: fc.constantFrom('set' as const, 'delete' as const, 'get' as const), key }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ does: fc.constant('invalidate' as const), tag: fc.constantFrom('found', 'set', 'other') }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      does: fc.constant('advance' as const),
      ms: fc.constantFrom(1, 100, 350, 500, 1_000, 3_000),
    }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constantFrom('clear' as const, 'fail' as const, 'heal' as const) }) },
);
const options: fc.Arbitrary<LayerCacheOptions> = fc
  .record({
    staleWhileRevalidate: fc.constantFrom(0, 400),
    staleIfError: fc.constantFrom(0, 800),
    sliding: fc.boolean(),
    refreshAhead: fc.constantFrom(undefined, 0.5),
    memory: fc.constantFrom({ max: 3 }, { max: 100 }, { maxBytes: 3_500 }, { isolation: 'clone' as const }),
  })
  .map(({ refreshAhead, ...rest }) => ({ ttl: 1_000, ...rest, ...(refreshAhead !== undefined && { refreshAhead }) }));

describe('A wrapped function', () => {
  it('answers, stores, counts and tells the same as calls that make a key each time, whatever happens', async () => {
    await fc.assert(
      fc.asyncProperty(options, fc.array(step, { maxLength: 50, size: 'max' }), async (given, steps) => {
        const sides = [new Side(given, wrapped), new Side(given, byKey)] as const;
        for (const next of steps) for (const side of sides) await side.do(next);
        expect(sides[0].seen).toEqual(sides[1].seen);
      }),
      { numRuns: 100 },
    );
  });
});
