import { describe, expect, it } from '@jest/globals';
import { createLayerCache, type Entry, type LayerCache, type LayerCacheOptions } from '../../lib/index.js';
import { ManualClock } from '../../lib/testing/index.js';
import { MemoryTier } from '../../lib/tiers/memory.tier.js';
import { onEveryTopology, onMemory } from '../support/topology.js';

/** A memory tier that says what it was asked. */
class AskedTier extends MemoryTier {
  readonly asked: string[] = [];

  override get(key: string): Entry | undefined {
    this.asked.push(`get ${key}`);
    return super.get(key);
  }

  override use(entry: Entry): boolean {
    this.asked.push(`use ${entry.key}`);
    return super.use(entry);
  }
}

const withAskedTier = (options?: LayerCacheOptions): { cache: LayerCache; asked: string[]; tier: AskedTier } => {
  const tier = new AskedTier({ max: 100, maxBytes: undefined });
  const cache = createLayerCache({ jitter: 0, ...options }, { near: () => tier, clock: new ManualClock() });
  return { cache, tier, asked: tier.asked };
};

/** What memory is asked at a call that has been made three times before. */
const askedAtAHit = async (args: unknown[], options?: LayerCacheOptions): Promise<string[]> => {
  const { cache, asked } = withAskedTier(options);
  const find = cache.wrap('find', (...given: unknown[]) => Promise.resolve(given.length));
  for (let turn = 0; turn < 3; turn++) await find(...args);
  asked.length = 0;
  await find(...args);
  return asked;
};

describe('A hit by a lone argument', () => {
  it.each([['x'], [''], ["a'(b)"], ['x'.repeat(199)], [7], [0], [-7]])(
    'looks up no key, and is a use of the entry: %j',
    async (argument) => {
      expect(await askedAtAHit([argument])).toHaveLength(1);
      expect(await askedAtAHit([argument])).toEqual([expect.stringMatching(/^use find\(/)]);
    },
  );

  it.each<[string, unknown[]]>([
    ['no argument', []],
    ['two arguments', ['x', 1]],
    ['-0', [-0]],
    ['NaN', [Number.NaN]],
    ['a fraction', [0.5]],
    ['an object', [{ id: 1 }]],
    ['a text of 200 characters', ['x'.repeat(200)]],
  ])('looks up its key where there is %s', async (_what, args) => {
    expect(await askedAtAHit(args)).toContainEqual(expect.stringMatching(/^get find\(/));
  });

  it('looks up its key where keys have a context', async () => {
    expect(await askedAtAHit(['x'], { keyContext: () => 'acme' })).toContain("get 4:acme:find('x)");
  });

  it('makes no key either: the argument need not have one of its own to be refused', async () => {
    const { cache, asked } = withAskedTier();
    const find = cache.wrap('find', (_id: unknown) => Promise.resolve(1));
    for (let turn = 0; turn < 3; turn++) await find('x');
    asked.length = 0;
    await expect(find(Symbol('x'))).rejects.toThrow('argument 1 of find');
    expect(asked).toEqual([]);
  });
});

onEveryTopology('hits by lone arguments', (build) => {
  it('are told to observers with their keys, and counted', async () => {
    const { cache, heard } = await build();
    const find = cache.wrap('find', (id: string | number) => Promise.resolve(id));
    for (let turn = 0; turn < 4; turn++) await Promise.all([find('x'), find(1)]);
    const hits = [
      ["find('x)", 'memory'],
      ['find(1)', 'memory'],
    ];
    expect(heard.of('hit')).toEqual([...hits, ...hits, ...hits]);
    expect(heard.of('miss')).toEqual([["find('x)"], ['find(1)']]);
    expect(cache.stats()).toMatchObject({ hits: { memory: 6 }, misses: 2, loads: 2, staleHits: 0, negativeHits: 0 });
  });

  it('keep an entry from being pushed out before others that were not read', async () => {
    const { cache, heard } = await build({ memory: { max: 3 } });
    const find = cache.wrap('find', (id: number) => Promise.resolve(id));
    for (const id of [1, 1, 2, 3]) await find(id);
    await find(1);
    await find(4);
    expect(heard.of('evict')).toEqual([['find(2)', 'count']]);
    await find(1);
    await find(5);
    expect(heard.of('evict').slice(1)).toEqual([['find(3)', 'count']]);
  });

  it('keep an entry in a large memory through which much passes', async () => {
    const { cache } = await build({ memory: { max: 200 } });
    let loads = 0;
    const find = cache.wrap('find', (_id: string) => Promise.resolve(++loads));
    for (let turn = 0; turn < 200; turn++) {
      expect(await find('hot')).toBe(1);
      for (let passing = 0; passing < 10; passing++) await cache.set(`passing ${turn} ${passing}`, turn);
    }
  });

  it('never give one context what was loaded in another', async () => {
    let tenant: string | undefined = 'acme';
    const { cache, heard } = await build({ keyContext: () => tenant });
    const find = cache.wrap('find', (_id: string) => Promise.resolve(tenant));
    for (tenant of ['acme', 'umbrella', 'acme', 'umbrella', 'acme', 'umbrella']) expect(await find('x')).toBe(tenant);
    tenant = undefined;
    expect(await find('x')).toBeUndefined();
    expect(heard.of('bypass')).toEqual([["find('x)", 'no-context']]);
  });

  it('are none where the cache is not enabled', async () => {
    const { cache, heard } = await build({ enabled: false });
    let loads = 0;
    const find = cache.wrap('find', (_id: string) => Promise.resolve(++loads));
    for (const load of [1, 2, 3, 4]) expect(await find('x')).toBe(load);
    expect(heard.names()).toEqual(['bypass', 'bypass', 'bypass', 'bypass']);
    expect(cache.stats()).toMatchObject({ hits: { memory: 0 }, entries: 0 });
  });

  it('do not find what has left memory, not even while observers are told of what left with it', async () => {
    let atTheFirst: Promise<unknown> | undefined;
    const readOther = (_cache: string, key: string): void => {
      if (key === "find('x)") atTheFirst ??= find('y');
    };
    const { cache, heard } = await build({ memory: { maxBytes: 4_000 }, observers: [{ evict: readOther }] });
    let loads = 0;
    const find = cache.wrap('find', (id: string) => Promise.resolve(`${id} ${++loads}`));
    for (const id of ['x', 'x', 'x', 'y', 'y', 'y']) await find(id);
    heard.clear();
    await cache.set('large', 'x'.repeat(3_000));
    await atTheFirst;
    expect(heard.of('evict')).toContainEqual(["find('y)", 'bytes']);
    expect(heard.names()[0]).toBe('evict');
    expect(heard.of('hit').filter(([, tier]) => tier === 'memory')).toEqual([]);
  });
});

// Over Redis nothing is loaded again: that still has what memory has pushed out.
onMemory('hits by lone arguments', (build) => {
  it('load again what was pushed out by count', async () => {
    const { cache } = await build({ memory: { max: 2 } });
    let loads = 0;
    const find = cache.wrap('find', (_id: string) => Promise.resolve(++loads));
    for (let turn = 0; turn < 3; turn++) expect(await find('x')).toBe(1);
    for (const key of ['a', 'b']) await cache.set(key, key);
    expect(await find('x')).toBe(2);
  });

  it('load again what was pushed out by bytes, or by a value too large to keep', async () => {
    const { cache, heard } = await build({ memory: { maxBytes: 4_000 } });
    let loads = 0;
    const find = cache.wrap('find', (_id: string) => Promise.resolve(++loads));
    for (let turn = 0; turn < 3; turn++) expect(await find('x')).toBe(1);
    await cache.set('a', 'x'.repeat(3_000));
    for (let turn = 0; turn < 3; turn++) expect(await find('x')).toBe(2);
    await cache.set("find('x)", 'x'.repeat(10_000));
    expect(await find('x')).toBe(3);
    expect(heard.of('evict').map(([, cause]) => cause)).toEqual(['bytes', 'bytes', 'too-large']);
  });
});
