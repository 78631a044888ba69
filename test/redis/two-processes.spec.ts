import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLayerCache, type LayerCache } from '../../lib/index.js';
import { RedisServer } from '../support/redis/server.js';

describe('Two caches on one Redis', () => {
  let server: RedisServer;
  const caches: LayerCache[] = [];
  const cacheOf = async (): Promise<LayerCache> => {
    const cache = createLayerCache({ prefix: 'shop', redis: { url: `redis://127.0.0.1:${server.port}` } });
    caches.push(cache);
    await cache.ready();
    return cache;
  };
  beforeAll(async () => {
    server = await RedisServer.start();
  });
  afterAll(async () => {
    await Promise.all(caches.map((cache) => cache.close()));
    await server.stop();
  });

  it('share what one of them loads', async () => {
    const [a, b] = [await cacheOf(), await cacheOf()];
    let loads = 0;
    const load = () => ({ loads: ++loads, at: new Date(0) });
    expect(await a.getOrSet('one', load, { tags: ['t'] })).toEqual({ loads: 1, at: new Date(0) });
    expect(await b.getOrSet('one', load, { tags: ['t'] })).toEqual({ loads: 1, at: new Date(0) });
    expect(await b.lookup('one')).toMatchObject({ tier: 'memory' });
    await a.invalidateTags('t');
    expect(await a.getOrSet('one', load, { tags: ['t'] })).toEqual({ loads: 2, at: new Date(0) });
    while ((await b.get<{ loads: number }>('one'))?.loads !== 2) await new Promise(setImmediate);
    expect(await b.getOrSet('one', load, { tags: ['t'] })).toEqual({ loads: 2, at: new Date(0) });
    await b.set('one', 'x');
    while ((await a.get('one')) !== 'x') await new Promise(setImmediate);
    await a.delete('one');
    while ((await b.get('one')) !== undefined) await new Promise(setImmediate);
    await Promise.all(
      Array.from({ length: 100 }, (_, i) =>
        (i % 2 ? a : b).getOrSet('two', async () => {
          loads++;
          await new Promise(setImmediate);
          return loads;
        }),
      ),
    );
    expect(loads).toBe(3);
    console.log(a.stats(), b.stats());
  });
});
