import { describe, expect, it } from '@jest/globals';
import { createLayerCache, LayerCacheConfigError, type LayerCacheOptions } from '../../lib/index.js';
import { ManualClock } from '../../lib/testing/index.js';
import { onEveryTopology } from '../support/topology.js';

describe('Making a cache', () => {
  it('needs no option at all', async () => {
    const cache = createLayerCache();
    expect(await cache.getOrSet('a', () => 1)).toBe(1);
  });

  it.each<[string, object, string]>([
    ['a negative ttl', { ttl: -1 }, 'ttl: got -1, takes a duration above 0'],
    ['a zero ttl', { ttl: 0 }, 'ttl: got 0'],
    ['a ttl nobody can parse', { ttl: '5 minutes' }, "ttl: got '5 minutes'"],
    ['a ttl above a year', { ttl: '366d' }, "ttl: got '366d', takes a duration of at most a year"],
    ['a jitter above 1', { jitter: 5 }, 'jitter: got 5, takes a share from 0 to 1'],
    ['softTimeout without staleIfError', { softTimeout: '1s' }, "softTimeout: got '1s'"],
    ['memory: false without redis', { memory: false }, 'memory: got false'],
    ['tiers without redis', { tiers: [] }, 'tiers: got an array of 0'],
    ['redis without a prefix', { redis: { url: 'redis://:p4ssw0rd@host' } }, 'prefix: got undefined'],
    ['a mistyped name', { staleWhileRevalidat: 1 }, "Did you mean 'staleWhileRevalidate'?"],
    ['a mistyped memory option', { memory: { maxSize: 1 } }, 'memory.maxSize: got 1'],
    ['a bad prefix', { prefix: 'a:b' }, "prefix: got 'a:b', takes 1 to 64 of"],
    ['no limit of loads', { loads: 0 }, 'loads: got 0'],
  ])('refuses %s', (_, options, message) => {
    expect(() => createLayerCache(options as LayerCacheOptions)).toThrow(LayerCacheConfigError);
    expect(() => createLayerCache(options as LayerCacheOptions)).toThrow(message);
  });

  it('refuses a bad name', () => {
    expect(() => createLayerCache({}, { name: 'a b' })).toThrow("name: got 'a b'");
  });

  it('never prints a password', () => {
    const redis = { url: 'redis://:p4ssw0rd@host' };
    expect(() => createLayerCache({ redis } as unknown as LayerCacheOptions)).toThrow(/^(?!.*p4ssw0rd)/);
  });

  it('warns once of a ttl that looks like seconds', () => {
    const warnings: string[] = [];
    createLayerCache({ ttl: 60 }, { warn: (message) => warnings.push(message), name: 'catalog' });
    expect(warnings).toEqual([
      "cache 'catalog': ttl: 60 is 60 milliseconds. For seconds write '60s'; to keep milliseconds and silence this, '60ms'.",
    ]);
    createLayerCache({ ttl: '60ms' }, { warn: (message) => warnings.push(message) });
    createLayerCache({ ttl: 1_000 }, { warn: (message) => warnings.push(message) });
    expect(warnings).toHaveLength(1);
  });

  it('warns through process.emitWarning unless told otherwise', () => {
    const heard: unknown[][] = [];
    const emitWarning = process.emitWarning.bind(process);
    process.emitWarning = (...args: unknown[]) => void heard.push(args);
    try {
      createLayerCache({ ttl: 7 });
    } finally {
      process.emitWarning = emitWarning;
    }
    expect(heard).toEqual([[expect.stringContaining("write '7s'"), { type: 'LayerCacheWarning' }]]);
  });

  it('is not changed by what happens to its options afterwards', async () => {
    const options = { ttl: 1_000, jitter: 0, tags: ['t'] };
    const clock = new ManualClock();
    const cache = createLayerCache(options, { clock });
    options.ttl = 1;
    options.tags.push('u');
    await cache.set('a', 1);
    await cache.invalidateTags('u');
    await clock.advance(999);
    expect(await cache.has('a')).toBe(true);
  });
});

onEveryTopology('the options of a call', (build) => {
  it.each<[string, unknown, string]>([
    ['a mistyped name', { tll: '5m' }, "tll: got '5m', but there is no such option. Did you mean 'ttl'?"],
    ['a number in place of the options', 60, 'options: got 60'],
    ['null in place of the options', null, 'options: got null'],
    ['an option of the cache', { memory: {} }, 'memory: got an object'],
    ['a tag that is no text', { tags: ['t', 7] }, 'tags[1]: got 7'],
    ['tags that are no list', { tags: 't' }, "tags: got 't'"],
    ['a signal that is none', { signal: {} }, 'signal: got an object'],
    ['force that is no boolean', { force: 1 }, 'force: got 1'],
  ])('are refused with %s, when something must be loaded or stored', async (_, options, message) => {
    const { cache } = await build();
    await expect(cache.getOrSet('a', () => 1, options as never)).rejects.toThrow(message);
    await expect(cache.set('a', 1, options as never)).rejects.toThrow(LayerCacheConfigError);
    expect(await cache.has('a')).toBe(false);
  });

  it('bring one warning of a ttl that looks like seconds', async () => {
    const { cache, warnings } = await build();
    await cache.set('a', 1, { ttl: 30 });
    await cache.set('b', 1, { ttl: 30 });
    expect(warnings).toHaveLength(1);
  });

  it('take undefined for not given', async () => {
    const { cache } = await build({ ttl: undefined as never });
    await cache.set('a', 1, { ttl: undefined as never, tags: undefined as never });
    expect(await cache.lookup('a')).toMatchObject({ ttl: 60_000 });
  });
});
