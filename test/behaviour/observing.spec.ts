import { expect, it } from '@jest/globals';
import { CACHE_EVENTS } from '../../lib/core/observer.js';
import { settle, Source } from '../support/source.js';
import { onEveryTopology, onMemory, type Stack } from '../support/topology.js';

onEveryTopology('an observer', (build) => {
  it('hears a read from miss to hit, with the cache’s name first', async () => {
    const { cache, heard } = await build();
    await cache.getOrSet('a', () => 1);
    await cache.getOrSet('a', () => 1);
    expect(heard.events).toEqual([
      { name: 'miss', args: ['default', 'a'] },
      { name: 'load', args: ['default', 'a', 0, 'stored'] },
      { name: 'hit', args: ['default', 'a', 'memory'] },
    ]);
  });

  it('hears stale hits, refreshes, stores, invalidations and evictions', async () => {
    const { cache, clock, heard } = await build({ ttl: 1_000, staleWhileRevalidate: 500, memory: { max: 2 } });
    await cache.set('a', 1, { tags: ['t'] });
    await clock.advance(1_200);
    await cache.getOrSet('a', () => 2);
    await settle();
    await cache.delete('a', 'b');
    await cache.invalidateTags('t', 't');
    await cache.set('x', 1);
    await cache.set('y', 1);
    await cache.set('z', 1);
    await clock.advance(1_500);
    await cache.get('z');
    expect(heard.events.map(({ name, args }) => [name, ...args.slice(1)])).toEqual([
      ['set', 'a'],
      ['refresh', 'a', 'stale'],
      ['staleHit', 'a', 'memory', 'revalidating'],
      ['load', 'a', 0, 'stored'],
      ['invalidate', 'key', ['a', 'b']],
      ['invalidate', 'tag', ['t']],
      ['set', 'x'],
      ['set', 'y'],
      ['evict', 'x', 'count'],
      ['set', 'z'],
      ['evict', 'z', 'expired'],
      ['miss', 'z'],
    ]);
  });

  it('hears of what failed elsewhere on behalf of the cache', async () => {
    const { cache, heard } = await build();
    const fault = new Error('it is broken');
    cache.report('header', fault);
    expect(heard.of('error')).toEqual([['header', fault]]);
  });

  it('that throws at everything changes nothing for the caller, and is warned about once', async () => {
    const throwing = Object.fromEntries(
      CACHE_EVENTS.map((name) => [
        name,
        () => {
          throw new Error('observer is broken');
        },
      ]),
    );
    const { cache, clock, heard, warnings } = await build({
      ttl: 1_000,
      staleWhileRevalidate: 1_000,
      observers: [throwing],
    });
    expect(await cache.getOrSet('a', () => 1)).toBe(1);
    expect(await cache.getOrSet('a', () => 1)).toBe(1);
    await clock.advance(1_500);
    expect(await cache.getOrSet('a', () => Promise.reject(new Error('down')))).toBe(1);
    await settle();
    await cache.delete('a');
    expect(await cache.get('a')).toBeUndefined();
    expect(heard.names()).toEqual([
      'miss',
      'load',
      'hit',
      'refresh',
      'staleHit',
      'load',
      'error',
      'invalidate',
      'miss',
    ]);
    expect(warnings.filter((warning) => warning.includes("observer's hit() failed"))).toHaveLength(1);
    expect(new Set(warnings).size).toBe(warnings.length);
  });

  it('that promises and rejects does not end the process', async () => {
    const { cache, warnings } = await build({
      observers: [{ miss: () => Promise.reject(new Error('later')) as never }],
    });
    await cache.get('a');
    await settle();
    expect(warnings).toEqual(["cache 'default': an observer's miss() failed; the cache goes on without it: later"]);
  });

  it('may call the cache from within an event', async () => {
    const cacheOf: { cache?: Stack['cache'] } = {};
    const { cache } = await build({
      memory: { max: 2 },
      observers: [{ evict: (_cache, key) => void cacheOf.cache?.set(`evicted ${key}`.slice(0, 20), 1) }],
    });
    cacheOf.cache = cache;
    for (const key of ['a', 'b']) await cache.set(key, 1);
    cacheOf.cache = undefined as never;
    await cache.set('c', 1);
    expect(cache.stats().entries).toBe(2);
  });

  it('never hears a value', async () => {
    const { cache, clock, heard } = await build({ ttl: 1_000, staleWhileRevalidate: 1_000 });
    const source = new Source<string>();
    await cache.set('a', 'S3CR3T');
    await cache.get('a');
    await clock.advance(1_500);
    await cache.getOrSet('a', source.load);
    source.answer('S3CR3T too');
    await settle();
    expect(JSON.stringify(heard.events)).not.toContain('S3CR3T');
  });
});

onMemory('an observer', (build) => {
  // With Redis as many invalidations are told, which takes its time: there it is tried during an outage.
  it('hears what is ended when more was invalidated than is remembered, and that once', async () => {
    const { cache, heard } = await build();
    await cache.set('a', 1, { tags: ['t'] });
    await cache.set('b', 1, { tags: ['u'] });
    await cache.invalidateTags('t', ...Array.from({ length: 10_000 }, (_, index) => `of ${index}`));
    expect([heard.of('evict'), cache.stats().entries]).toEqual([[['a', 'invalidated']], 1]);
    expect(await cache.get('a')).toBeUndefined();
    expect(heard.of('evict')).toHaveLength(1);
  });
});
