import { describe, expect, it } from '@jest/globals';
import { Cluster, type Member, twoCaches } from '../../support/cluster.js';
import { Source } from '../../support/source.js';

describe('A delete', () => {
  it('of several keys reaches every process, and no other key', async () => {
    const { cluster, a, b } = await twoCaches({ ttl: '1h' });
    const keys = ['one', 'two', 'of two words', 'three'];
    for (const key of keys) await a.cache.set(key, key);
    for (const key of keys) await b.cache.get(key);
    await a.cache.delete('one', 'of two words', 'never there', 'one');
    await cluster.settle();
    for (const { cache } of [a, b, await cluster.join()]) {
      expect(await Promise.all(keys.map((key) => cache.get(key)))).toEqual([undefined, 'two', undefined, 'three']);
    }
  });

  it('of nothing asks nobody', async () => {
    const { a } = await twoCaches();
    const asked = a.link.asked.length;
    await a.cache.delete();
    await a.cache.invalidateTags();
    expect(a.link.asked.slice(asked)).toEqual([]);
  });
});

describe('A wrapped function', () => {
  function wrapped({ cache }: Member, calls: unknown[]): (id: unknown) => Promise<string> {
    return cache.wrap('find', (id: unknown) => {
      calls.push(id);
      return Promise.resolve(`v${calls.length}`);
    });
  }

  it.each<[string, unknown]>([
    ['a text', 'one'],
    ['a number', 5],
    ['an object', { id: 1 }],
    ['a long text', 'x'.repeat(500)],
    ['awkward text', 'a:{b}*\ud800'],
  ])('answers in another process with what one of them loaded: %s', async (_words, id) => {
    const { cluster, a, b } = await twoCaches();
    const calls: unknown[] = [];
    const [inA, inB] = [wrapped(a, calls), wrapped(b, calls)];
    expect(await inA(id)).toBe('v1');
    await cluster.settle();
    expect([await inB(id), await inB(id), await inA(id)]).toEqual(['v1', 'v1', 'v1']);
    expect(calls).toHaveLength(1);
    await b.cache.clear();
    await cluster.settle();
    expect(await inA(id)).toBe('v2');
  });

  it('is asked again, by its short way too, when another process invalidates its tag', async () => {
    const { cluster, a, b } = await twoCaches({ tags: ['t'] });
    const calls: unknown[] = [];
    const find = wrapped(a, calls);
    for (let call = 0; call < 3; call++) expect(await find('one')).toBe('v1');
    await cluster.settle();
    await b.cache.invalidateTags('t');
    await cluster.settle();
    for (let call = 0; call < 3; call++) expect(await find('one')).toBe('v2');
  });
});

describe('A key context', () => {
  it('keeps apart what contexts have in Redis, and tags reach all of them', async () => {
    let tenant = 'one';
    const { cluster, a, b } = await twoCaches({ keyContext: () => tenant, ttl: '1h' });
    await a.cache.getOrSet('k', () => 'of one', { tags: ['t'] });
    tenant = 'two';
    expect(await b.cache.get('k')).toBeUndefined();
    await b.cache.getOrSet('k', () => 'of two', { tags: ['t'] });
    await cluster.settle();
    expect(await a.cache.get('k')).toBe('of two');
    tenant = 'one';
    expect(await b.cache.get('k')).toBe('of one');
    await b.cache.delete('k');
    await cluster.settle();
    expect(await a.cache.get('k')).toBeUndefined();
    tenant = 'two';
    expect(await a.cache.get('k')).toBe('of two');
    await a.cache.invalidateTags('t');
    await cluster.settle();
    expect(await b.cache.get('k')).toBeUndefined();
  });
});

describe('The time in memory', () => {
  it('is up by memoryTtl for who read from Redis, counted from then', async () => {
    const { cluster, a, b } = await twoCaches({ ttl: '1h', memoryTtl: '10s' });
    await a.cache.set('k', 'v');
    await cluster.clock.advance(7_000);
    expect(await b.cache.lookup('k')).toMatchObject({ tier: 'redis' });
    await cluster.clock.advance(9_000);
    expect(await b.cache.lookup('k')).toMatchObject({ tier: 'memory' });
    await cluster.clock.advance(1_000);
    expect(await b.cache.lookup('k')).toMatchObject({ tier: 'redis' });
  });

  it('never makes a value live longer than its ttl', async () => {
    const { cluster, a, b } = await twoCaches({ ttl: '10s', memoryTtl: '1h' });
    await a.cache.set('k', 'v');
    await cluster.clock.advance(9_000);
    expect(await b.cache.get('k')).toBe('v');
    await cluster.clock.advance(1_001);
    expect(await b.cache.get('k')).toBeUndefined();
  });

  it('that is up does not make a load of what Redis still has', async () => {
    const { cluster, a } = await twoCaches({ ttl: '1h', memoryTtl: '10s' });
    await a.cache.set('k', 'v');
    for (let round = 0; round < 5; round++) {
      await cluster.clock.advance(10_000);
      expect(await a.cache.getOrSet('k', () => 'loaded')).toBe('v');
      expect(await a.cache.getOrSet('k', () => 'loaded')).toBe('v');
    }
    expect(a.cache.stats()).toMatchObject({ loads: 0, hits: { redis: 5, memory: 5 } });
  });
});

describe('Caches of different names, or prefixes, on one Redis', () => {
  it.each<[string, (cluster: Cluster) => Promise<Member>]>([
    ['names', (cluster) => cluster.join({}, { name: 'another' })],
    ['prefixes', (cluster) => cluster.join({ prefix: 'another' })],
  ])('share neither values nor invalidations nor loads: %s', async (_words, another) => {
    const cluster = new Cluster({ ttl: '1h', tags: ['t'] });
    const [a, b] = [await cluster.join(), await another(cluster)];
    await a.cache.getOrSet('k', () => 'of a');
    expect(await b.cache.get('k')).toBeUndefined();
    await b.cache.getOrSet('k', () => 'of b');
    await cluster.settle();
    await b.cache.clear();
    await b.cache.invalidateTags('t');
    await b.cache.delete('k');
    await cluster.settle();
    expect(await a.cache.lookup('k')).toMatchObject({ value: 'of a', tier: 'memory' });
    const source = new Source<string>();
    void a.cache.getOrSet('other', source.load);
    void b.cache.getOrSet('other', source.load);
    await cluster.settle();
    expect(source.loads).toBe(2);
  });
});

describe.each([2, 16])('One process with its keys in %d buckets', (buckets) => {
  it('ends by tags, keys and clear what it means, and nothing else', async () => {
    const cluster = new Cluster({ ttl: '1h' }, buckets);
    const { cache } = await cluster.join();
    const numbers = Array.from({ length: 40 }, (_, number) => number);
    for (const number of numbers) await cache.getOrSet(`k${number}`, () => number, { tags: [`t${number % 4}`] });
    await cluster.settle();
    const found = async (): Promise<number[]> =>
      (await Promise.all(numbers.map((number) => cache.get<number>(`k${number}`)))).filter((one) => one !== undefined);
    await cache.invalidateTags('t0', 't1');
    await cache.delete('k2', 'k3');
    await cluster.settle();
    expect(await found()).toEqual(numbers.filter((number) => number % 4 > 1 && number > 3));
    await cache.clear();
    expect(await found()).toEqual([]);
    for (const number of numbers) await cache.set(`k${number}`, number);
    await cluster.clock.advance(30_000);
    expect(await found()).toEqual(numbers);
    expect(cache.stats()).toMatchObject({ hits: { redis: 0 } });
  });
});
