import { describe, expect, it } from '@jest/globals';
import { Cluster, twoCaches } from '../../support/cluster.js';
import { Source } from '../../support/source.js';

describe('Among processes on one Redis, a load', () => {
  it('runs once for a cold key, and its result reaches all who wait', async () => {
    const { cluster, a, b } = await twoCaches();
    const source = new Source<string>();
    const reads = [a, b, a, b].map(({ cache }) => cache.getOrSet('k', source.load));
    await cluster.settle();
    source.answer('v');
    await cluster.settle();
    expect(await Promise.all(reads)).toEqual(['v', 'v', 'v', 'v']);
    expect(source.loads).toBe(1);
    expect(b.cache.stats()).toMatchObject({ loads: 0 });
  });

  it('of another process is waited for as long as patience says, and its late result replaces none that is newer', async () => {
    const { cluster, a, b } = await twoCaches();
    const source = new Source<string>();
    const first = a.cache.getOrSet('k', source.load);
    await cluster.settle();
    const second = b.cache.getOrSet('k', source.load);
    await cluster.clock.advance(4_999);
    expect(source.loads).toBe(1);
    await cluster.clock.advance(1);
    expect(source.loads).toBe(2);
    source.answer('second', 1);
    expect(await second).toBe('second');
    source.answer('first', 0);
    expect(await first).toBe('first');
    await cluster.settle();
    expect(await b.cache.get('k')).toBe('second');
  });

  it('that failed elsewhere is taken over after retryAfter', async () => {
    const { cluster, a, b } = await twoCaches();
    const source = new Source<string>();
    const first = a.cache.getOrSet('k', source.load);
    await cluster.settle();
    const second = b.cache.getOrSet('k', source.load);
    await cluster.settle();
    source.fail(new Error('source is down'));
    await expect(first).rejects.toThrow('source is down');
    await cluster.clock.advance(1_990);
    expect(source.loads).toBe(1);
    await cluster.clock.advance(60);
    expect(source.loads).toBe(2);
    source.answer('v');
    expect(await second).toBe('v');
  });

  it('that skips is nothing to wait for', async () => {
    const { cluster, a, b } = await twoCaches();
    const source = new Source<string>();
    const first = a.cache.getOrSet<string>('k', (context) => {
      context.skip();
      return source.load(context);
    });
    await cluster.settle();
    const second = b.cache.getOrSet('k', source.load);
    await cluster.settle();
    source.answer('skipped', 0);
    expect(await first).toBe('skipped');
    await cluster.settle();
    expect(source.loads).toBe(2);
    source.answer('own');
    expect(await second).toBe('own');
  });

  it('begins in each process where singleFlight says so', async () => {
    const { cluster, a, b } = await twoCaches({ singleFlight: 'process' });
    const source = new Source<string>();
    const reads = [a, b].map(({ cache }) => cache.getOrSet('k', source.load));
    await cluster.settle();
    expect(source.loads).toBe(2);
    source.answer('a', 0);
    source.answer('b', 1);
    expect(await Promise.all(reads)).toEqual(['a', 'b']);
  });

  it('behind a stale value runs once among all, and its result reaches all', async () => {
    const { cluster, a, b } = await twoCaches({ ttl: 1_000, staleWhileRevalidate: '1h' });
    const source = new Source<string>();
    await a.cache.set('k', 'old');
    expect(await b.cache.get('k')).toBe('old');
    await cluster.clock.advance(1_500);
    for (const { cache } of [a, b]) expect(await cache.getOrSet('k', source.load)).toBe('old');
    await cluster.settle();
    expect(source.loads).toBe(1);
    source.answer('new');
    await cluster.settle();
    for (const { cache } of [a, b]) expect(await cache.getOrSet('k', source.load)).toBe('new');
    expect(source.loads).toBe(1);
  });

  it('that is forced replaces what others have', async () => {
    const { cluster, a, b } = await twoCaches();
    await a.cache.set('k', 'old');
    expect(await b.cache.getOrSet('k', () => 'new', { force: true })).toBe('new');
    await cluster.settle();
    await expect((await cluster.join()).cache.get('k')).resolves.toBe('new');
  });

  it('is given up for who hears that its key was invalidated meanwhile', async () => {
    const { cluster, a, b } = await twoCaches();
    const source = new Source<string>();
    const first = a.cache.getOrSet('k', source.load);
    await cluster.settle();
    const second = b.cache.getOrSet('k', source.load);
    await cluster.settle();
    await a.cache.delete('k');
    await cluster.settle();
    expect(source.loads).toBe(2);
    source.answer('old', 0);
    source.answer('new', 1);
    expect(await Promise.all([first, second])).toEqual(['old', 'new']);
    await cluster.settle();
    expect(await a.cache.get('k')).toBe('new');
  });

  it('keeps its result by tags that only the result told, until one of them is invalidated', async () => {
    const { cluster, a, b } = await twoCaches();
    const read = () =>
      a.cache.getOrSet('k', ({ adapt }) => {
        adapt({ tags: ['late'] });
        return 'v';
      });
    await read();
    await cluster.settle();
    expect(await b.cache.lookup('k')).toMatchObject({ tier: 'redis', value: 'v' });
    await b.cache.invalidateTags('late');
    await cluster.settle();
    expect(await a.cache.get('k')).toBeUndefined();
    expect(await b.cache.get('k')).toBeUndefined();
    await expect((await cluster.join()).cache.get('k')).resolves.toBeUndefined();
  });

  it('is asked for where an entry lacks a tag that a deploy has added', async () => {
    const { cluster, a, b } = await twoCaches();
    await a.cache.set('k', 'old');
    expect(await b.cache.getOrSet('k', () => 'new', { tags: ['added'] })).toBe('new');
    await cluster.settle();
    await a.cache.invalidateTags('added');
    await cluster.settle();
    expect(await b.cache.get('k')).toBeUndefined();
  });
});

describe('A remembered null', () => {
  it('is shared, and a negative error is not', async () => {
    const { cluster, a, b } = await twoCaches({ isNegativeError: () => true });
    await a.cache.getOrSet('none', () => null);
    const failure = new Error('not found');
    await expect(a.cache.getOrSet('error', () => Promise.reject(failure))).rejects.toBe(failure);
    await cluster.settle();
    expect(await b.cache.lookup('none')).toMatchObject({ found: true, negative: true, tier: 'redis' });
    expect(b.heard.of('negativeHit')).toEqual([['none', 'redis']]);
    expect(await b.cache.getOrSet('error', () => 'found')).toBe('found');
    await expect(a.cache.getOrSet('error', () => 'found')).rejects.toBe(failure);
  });
});

describe('The memory of a process', () => {
  it('is asked for memoryTtl, and then Redis is, which has the value still', async () => {
    const { cluster, a } = await twoCaches({ ttl: '1h', memoryTtl: '10s' });
    await a.cache.set('k', 'v');
    await cluster.clock.advance(9_999);
    expect(await a.cache.lookup('k')).toMatchObject({ tier: 'memory' });
    await cluster.clock.advance(1);
    expect(await a.cache.lookup('k')).toMatchObject({ tier: 'redis', age: 10_000 });
    expect(await a.cache.lookup('k')).toMatchObject({ tier: 'memory', age: 10_000 });
  });

  it('does without Redis when that cannot be reached, whatever memoryTtl says', async () => {
    const { cluster, a } = await twoCaches({ ttl: '1h', memoryTtl: '10s' });
    await a.cache.set('k', 'v');
    a.link.cut();
    await cluster.clock.advance(11_000);
    expect(await a.cache.get('k')).toBe('v');
  });

  it('may be none: Redis answers', async () => {
    const { cluster, a, b } = await twoCaches({ memory: false });
    expect(await a.cache.getOrSet('k', () => 'v')).toBe('v');
    await cluster.settle();
    expect(await b.cache.getOrSet('k', () => 'another')).toBe('v');
    expect(await a.cache.lookup('k')).toMatchObject({ tier: 'redis' });
    expect(a.cache.stats()).toMatchObject({ entries: 0, hits: { memory: 0, redis: 1 } });
  });
});

describe('Keys in several buckets', () => {
  it('are invalidated by one tag, and by clear', async () => {
    const cluster = new Cluster({ ttl: '1h' }, 16);
    const [a, b] = [await cluster.join(), await cluster.join()];
    const keys = Array.from({ length: 50 }, (_, index) => `k${index}`);
    for (const key of keys) await a.cache.getOrSet(key, () => 'v', { tags: ['t'] });
    await cluster.settle();
    expect(await Promise.all(keys.map((key) => b.cache.get(key)))).toEqual(keys.map(() => 'v'));
    await b.cache.invalidateTags('t');
    await cluster.settle();
    expect(await Promise.all(keys.map((key) => a.cache.get(key)))).toEqual(keys.map(() => undefined));
    for (const key of keys) await a.cache.set(key, 'w');
    await b.cache.clear();
    await cluster.settle();
    expect(await Promise.all(keys.map((key) => a.cache.get(key)))).toEqual(keys.map(() => undefined));
  });

  it('are proven anew one bucket at a time when a message is missed', async () => {
    const cluster = new Cluster({ ttl: '1h' }, 16);
    const [a, b] = [await cluster.join(), await cluster.join()];
    const keys = Array.from({ length: 50 }, (_, index) => `k${index}`);
    for (const key of keys) await a.cache.set(key, 'v');
    await cluster.settle();
    for (const link of a.links) link.deafen();
    await b.cache.delete('k0');
    await cluster.settle();
    for (const link of a.links) link.hearAgain();
    await cluster.clock.advance(10_000);
    const found = await Promise.all(keys.map((key) => a.cache.lookup(key)));
    expect(found[0]).toEqual({ found: false });
    const tiers = found.slice(1).map((lookup) => lookup.found && lookup.tier);
    expect(tiers.filter((tier) => tier === 'redis').length).toBeLessThan(15);
    expect(tiers.filter((tier) => tier === 'memory').length).toBeGreaterThan(30);
  });
});
