import { describe, expect, it } from '@jest/globals';
import { twoCaches } from '../../support/cluster.js';

const down = (): never => {
  throw new Error('source is down');
};

describe('The old value', () => {
  it('that stands in for a failed load does so for retryAfter without another load', async () => {
    const { cluster, a } = await twoCaches({ ttl: 1_000, staleIfError: '1h', retryAfter: 2_000 });
    await a.cache.set('k', 'old');
    await cluster.clock.advance(1_000);
    for (let read = 0; read < 3; read++) expect(await a.cache.getOrSet('k', down)).toBe('old');
    expect(a.cache.stats()).toMatchObject({ loads: 1 });
  });

  it('stands in for a failed load in a process that never had it in memory', async () => {
    const { cluster, a, b } = await twoCaches({ ttl: 1_000, staleIfError: '1h' });
    await a.cache.set('k', 'old');
    await cluster.clock.advance(1_000);
    expect(await b.cache.getOrSet('k', down)).toBe('old');
  });

  it('stands in for a failed load where there is no memory', async () => {
    const { cluster, a } = await twoCaches({ ttl: 1_000, staleIfError: '1h', memory: false });
    await a.cache.set('k', 'old');
    await cluster.clock.advance(1_000);
    expect(await a.cache.getOrSet('k', down)).toBe('old');
  });

  it('stands in for a slow load where there is no memory', async () => {
    const { cluster, a } = await twoCaches({ ttl: 1_000, staleIfError: '1h', softTimeout: 200, memory: false });
    await a.cache.set('k', 'old');
    await cluster.clock.advance(1_000);
    const read = a.cache.getOrSet('k', () => new Promise<string>(() => undefined), { timeout: '1s' });
    await cluster.clock.advance(1_000);
    expect(await read).toBe('old');
  });

  it('is shown to the load that replaces it where there is no memory', async () => {
    const { cluster, a } = await twoCaches({ ttl: 1_000, staleIfError: '1h', memory: false });
    await a.cache.set('k', 'old');
    await cluster.clock.advance(1_000);
    expect(await a.cache.getOrSet<unknown>('k', ({ stale }) => [stale])).toEqual(['old']);
  });

  it('is over when a load says null, though that is not remembered', async () => {
    const { cluster, a, b } = await twoCaches({ ttl: 1_000, staleWhileRevalidate: '1h', negativeTtl: false });
    await a.cache.set('k', 'old');
    await cluster.clock.advance(1_000);
    expect(await a.cache.getOrSet<string | null>('k', () => null)).toBe('old');
    await cluster.settle();
    expect(await a.cache.getOrSet<string | null>('k', () => null)).toBeNull();
    expect(await b.cache.getOrSet<string | null>('k', () => null)).toBeNull();
  });

  it('is over when a load says that there is none, by an error that is remembered for a while', async () => {
    const options = { ttl: 1_000, staleWhileRevalidate: '1h', isNegativeError: () => true } as const;
    const { cluster, a } = await twoCaches(options);
    await a.cache.set('k', 'old');
    await cluster.clock.advance(1_000);
    expect(await a.cache.getOrSet('k', down)).toBe('old');
    await cluster.settle();
    await expect(a.cache.getOrSet('k', down)).rejects.toThrow('source is down');
    await cluster.clock.advance(5_000);
    await expect(a.cache.getOrSet('k', down)).rejects.toThrow('source is down');
  });
});
