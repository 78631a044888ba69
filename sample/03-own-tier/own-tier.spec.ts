import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { createLayerCache, type FarTier, type LayerCache, LayerCacheModule } from 'nestjs-layercache';
import { FaultyTier } from 'nestjs-layercache/testing';
import { RecordingLogger } from '../../test/support/recording-logger.js';
import { RedisServer } from '../../test/support/redis/server.js';
import { FileTier } from './src/file.tier.js';

let server: RedisServer;
let folder: string;
let loads: number;
const caches: LayerCache[] = [];

beforeAll(async () => {
  server = await RedisServer.start();
});

beforeEach(async () => {
  await server.command('FLUSHALL');
  folder = await mkdtemp(join(tmpdir(), 'own-tier-'));
  loads = 0;
});

afterEach(async () => {
  await Promise.all(caches.splice(0).map((cache) => cache.close()));
  await rm(folder, { recursive: true });
});

afterAll(() => server.stop());

/** A process of the service. */
async function start(tier: FarTier = new FileTier(folder)): Promise<LayerCache> {
  const options = { prefix: 'shop', redis: { url: server.url, commandTimeout: '30s' as const }, tiers: [tier] };
  const cache = createLayerCache({ ...options, ttl: '1h', tags: ['reports'] });
  caches.push(cache);
  await cache.ready();
  // A busy machine may be slower than a start waits for; an invalidation waits until Redis is there.
  await cache.delete('nothing');
  return cache;
}

const report = (): Promise<string> => Promise.resolve(`report ${++loads}`);

/** Redis makes room. */
const evict = (): Promise<unknown> => server.command('DEL', 'lc1:{shop:default:0}:e:k:report');

/** A process has loaded the report, and ended; Redis has lost it. Only the file is left. */
async function leaveFile(): Promise<void> {
  const cache = await start();
  await cache.getOrSet('report', report);
  await cache.close();
  await evict();
}

describe('A tier on files behind Redis', () => {
  it('answers what Redis had no room for, and fills Redis with it', async () => {
    await leaveFile();
    const cache = await start();
    expect(await cache.getOrSet('report', report)).toBe('report 1');
    expect(cache.stats()).toMatchObject({ hits: { memory: 0, redis: 0, files: 1 }, misses: 0, loads: 0 });
    await cache.close();
    expect(await (await start()).lookup('report')).toMatchObject({ value: 'report 1', tier: 'redis' });
  });

  it.each<[how: string, invalidate: (cache: LayerCache) => Promise<void>]>([
    ['by its key', (cache) => cache.delete('report')],
    ['by its tag', (cache) => cache.invalidateTags('reports')],
    ['by a value that was set', (cache) => cache.set('report', 'set')],
    ['with everything', (cache) => cache.clear()],
  ])('never brings back what was invalidated %s while the files were out of reach', async (_how, invalidate) => {
    await leaveFile();
    const tier = new FaultyTier(new FileTier(folder));
    const cache = await start(tier);
    tier.fail();
    await invalidate(cache);
    await evict();
    tier.heal();
    const other = await start();
    expect(await other.get('report')).toBe(undefined);
    expect(await other.getOrSet('report', report)).toBe('report 2');
  });

  it('never brings back what was there before Redis was emptied', async () => {
    await leaveFile();
    await server.command('FLUSHALL');
    expect(await (await start()).getOrSet('report', report)).toBe('report 2');
  });

  it('is asked for a key by one process, and the others have it from that', async () => {
    await leaveFile();
    let asked = 0;
    const counting = (): FarTier => {
      const tier = new FileTier(folder);
      return {
        name: tier.name,
        get: (key) => (asked++, tier.get(key)),
        set: (key, bytes, ttlMs) => tier.set(key, bytes, ttlMs),
        delete: (key) => tier.delete(key),
      };
    };
    const processes = [await start(counting()), await start(counting()), await start(counting())];
    const answers = await Promise.all(processes.map((cache) => cache.getOrSet('report', report)));
    expect([answers, asked, loads]).toEqual([['report 1', 'report 1', 'report 1'], 1, 1]);
  });

  it('fails nothing where its folder is none', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    const cache = await start(new FileTier(file));
    expect(await cache.getOrSet('report', report)).toBe('report 1');
    await cache.delete('report');
    expect(await cache.getOrSet('report', report)).toBe('report 2');
  });

  it('is named in the line of the start', async () => {
    @Module({
      imports: [
        LayerCacheModule.forRoot({ prefix: 'shop', redis: { url: server.url }, tiers: [new FileTier(folder)] }),
      ],
    })
    class AppModule {}
    const logger = new RecordingLogger();
    const module = await Test.createTestingModule({ imports: [AppModule] })
      .setLogger(logger)
      .compile();
    await module.init();
    expect(logger.of('log').join('\n')).toContain("redis (prefix 'shop', staleBound 2000 ms), files");
    await module.close();
  });
});
