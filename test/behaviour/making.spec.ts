import { describe, expect, it } from '@jest/globals';
import { createLayerCache } from '../../lib/index.js';
import { ManualClock } from '../../lib/testing/index.js';
import { ModelledLink } from '../support/modelled-link.js';
import { ModelledRedis } from '../simulation/modelled-redis.js';
import { twoCaches } from '../support/cluster.js';
import { onMemory } from '../support/topology.js';

const REDIS = { prefix: 'shop', redis: { url: 'redis://modelled' } } as const;

describe('A cache on Redis', () => {
  const linkOf = (): ModelledLink =>
    new ModelledLink(new ModelledRedis({ time: () => 0, runId: `${'a'.repeat(40)}:${'b'.repeat(40)}` }));

  it.each([
    ['now', false],
    ['by ready()', true],
  ] as const)('connects %s', async (opens, isClosed) => {
    const link = linkOf();
    const cache = createLayerCache(REDIS, { links: [link], clock: new ManualClock(), opens });
    expect(link.isClosed).toBe(isClosed);
    await cache.ready();
    expect(link.isClosed).toBe(false);
    await cache.close();
  });

  it('connects now unless it is told otherwise', async () => {
    const link = linkOf();
    const cache = createLayerCache(REDIS, { links: [link], clock: new ManualClock() });
    expect(link.isClosed).toBe(false);
    await cache.close();
    expect(link.isClosed).toBe(true);
  });

  it.each([
    ['an address', { url: 'redis://127.0.0.1:1' }],
    ['the nodes of a cluster', { cluster: ['redis://127.0.0.1:1'] }],
  ])('is one by its options alone: %s', async (_words, redis) => {
    const cache = createLayerCache({ prefix: 'shop', redis }, { opens: 'by ready()' });
    expect(cache.stats().hits).toEqual({ memory: 0, redis: 0 });
    await cache.close();
  });

  it('has tiers behind that are counted by their names', async () => {
    const { a } = await twoCaches();
    expect(a.cache.stats().hits).toEqual({ memory: 0, redis: 0 });
  });

  it('starts no ttl anew, whoever asks for it', async () => {
    const { a } = await twoCaches();
    await expect(a.cache.set('k', 1, { sliding: true })).rejects.toThrow('sliding: got true');
    await expect(a.cache.getOrSet('k', () => 1, { sliding: true })).rejects.toThrow('sliding: got true');
  });

  it('asks again for what memory holds when memoryTtl is over', async () => {
    const { cluster, a } = await twoCaches({ ttl: '1h', memoryTtl: 1_000 });
    await a.cache.set('k', 'v');
    await cluster.clock.advance(1_000);
    expect(await a.cache.lookup('k')).toMatchObject({ tier: 'redis' });
  });
});

onMemory('a cache', (build) => {
  it('counts hits of memory, and of nothing else', async () => {
    const { cache } = await build();
    expect(cache.stats().hits).toEqual({ memory: 0 });
  });

  it('holds its values for all of their ttl, for there is nobody to ask when memoryTtl is over', async () => {
    const { cache, clock } = await build({ ttl: '1h', memoryTtl: 1_000 });
    await cache.set('a', 'v');
    await clock.advance(3_599_999);
    expect(await cache.get('a')).toBe('v');
  });

  it('starts a ttl anew for one call that asks for it', async () => {
    const { cache, clock } = await build({ ttl: 1_000 });
    await cache.set('a', 'v', { sliding: true });
    for (let turn = 0; turn < 3; turn++) {
      await clock.advance(900);
      expect(await cache.get('a')).toBe('v');
    }
  });

  it('is ready, and closes, with nobody to join and nobody to part from', async () => {
    const { cache } = await build();
    expect([await cache.ready(), await cache.close()]).toEqual([undefined, undefined]);
  });
});
