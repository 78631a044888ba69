import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLayerCache, type LayerCache } from '../../lib/index.js';
import { RedisServer } from '../support/redis/server.js';

describe('A set that was called before', () => {
  let server: RedisServer;
  let cache: LayerCache;
  beforeAll(async () => {
    server = await RedisServer.start();
    cache = createLayerCache({ prefix: 'shop', redis: { url: server.url } });
    await cache.ready();
    await cache.invalidateTags('another');
    await cache.delete('another');
  });
  afterAll(async () => {
    await cache.close();
    await server.stop();
  });
  it('an invalidation of its tag ends with that', async () => {
    await Promise.all([cache.set('one', 1, { tags: ['t'] }), cache.invalidateTags('t')]);
    expect(await cache.get('one')).toBeUndefined();
  });
  it('a deletion of its key ends with that', async () => {
    await server.command('SCRIPT', 'FLUSH');
    await cache.delete('another');
    await Promise.all([cache.set('two', 1), cache.delete('two')]);
    expect(await cache.get('two')).toBeUndefined();
  });
  it('a clear ends with that', async () => {
    await server.command('SCRIPT', 'FLUSH');
    await cache.clear();
    await Promise.all([cache.set('three', 1), cache.clear()]);
    expect(await cache.get('three')).toBeUndefined();
  });
  it('a second set of its key ends with that, be it without the value', async () => {
    await server.command('SCRIPT', 'FLUSH');
    await Promise.all([cache.set('four', 1), cache.set('four', 2)]);
    expect(await cache.get('four')).toBe(2);
    const other = createLayerCache({ prefix: 'shop', redis: { url: server.url } });
    await other.ready();
    expect([undefined, 2]).toContain(await other.get('four'));
    await other.close();
  });
});
