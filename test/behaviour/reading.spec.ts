import { expect, it } from '@jest/globals';
import { LayerCacheKeyError } from '../../lib/index.js';
import { Source, settle } from '../support/source.js';
import { onEveryTopology } from '../support/topology.js';

onEveryTopology('reading', (build) => {
  it('loads a value once and answers from memory until its ttl is over', async () => {
    const { cache, clock } = await build({ ttl: 1_000 });
    let loads = 0;
    const read = () => cache.getOrSet('a', () => ++loads);
    expect(await read()).toBe(1);
    await clock.advance(999);
    expect(await read()).toBe(1);
    await clock.advance(1);
    expect(await read()).toBe(2);
  });

  it('takes a loader that answers at once as well as one that promises', async () => {
    const { cache } = await build();
    expect(await cache.getOrSet('a', () => 1)).toBe(1);
    expect(await cache.getOrSet('b', () => Promise.resolve(2))).toBe(2);
  });

  it('finds with get what set has stored, and nothing else', async () => {
    const { cache } = await build();
    await cache.set('a', 'stored');
    expect(await cache.get('a')).toBe('stored');
    expect(await cache.get('b')).toBeUndefined();
  });

  it('never loads for get, lookup and has', async () => {
    const { cache, heard } = await build({ ttl: 1_000, staleWhileRevalidate: 1_000 });
    await cache.get('a');
    await cache.lookup('a');
    await cache.has('a');
    expect(heard.of('load')).toEqual([]);
  });

  it('tells with lookup how a value stands', async () => {
    const { cache, clock } = await build({ ttl: 1_000, staleWhileRevalidate: 500 });
    await cache.set('a', 'stored');
    await clock.advance(400);
    expect(await cache.lookup('a')).toEqual({
      found: true,
      value: 'stored',
      state: 'fresh',
      negative: false,
      tier: 'memory',
      age: 400,
      ttl: 600,
    });
    await clock.advance(700);
    expect(await cache.lookup('a')).toMatchObject({ found: true, state: 'stale', age: 1_100, ttl: -100 });
    await clock.advance(400);
    expect(await cache.lookup('a')).toEqual({ found: false });
  });

  it('sees with get and has what lookup sees, stale values included', async () => {
    const { cache, clock } = await build({ ttl: 1_000, staleWhileRevalidate: 500, staleIfError: 5_000 });
    await cache.set('a', 'stored');
    await clock.advance(1_499);
    expect(await cache.get('a')).toBe('stored');
    expect(await cache.has('a')).toBe(true);
    await clock.advance(1);
    expect(await cache.get('a')).toBeUndefined();
    expect(await cache.has('a')).toBe(false);
  });

  it('answers a hit by what the value was stored with, not by the options of the hit', async () => {
    const { cache, clock } = await build();
    await cache.getOrSet('a', () => 1, { ttl: '10s' });
    await clock.advance(9_999);
    expect(await cache.getOrSet('a', () => 2, { ttl: 1 })).toBe(1);
  });

  it('loads in spite of a fresh value when forced, and stores what it loaded', async () => {
    const { cache } = await build();
    await cache.set('a', 'old');
    expect(await cache.getOrSet('a', () => 'new', { force: true })).toBe('new');
    expect(await cache.get('a')).toBe('new');
  });

  it('hands a forced failure to the caller and keeps the value that was there', async () => {
    const { cache } = await build({ staleIfError: '1h' });
    await cache.set('a', 'old');
    const failure = new Error('source is down');
    await expect(cache.getOrSet('a', () => Promise.reject(failure), { force: true })).rejects.toBe(failure);
    expect(await cache.get('a')).toBe('old');
  });

  it('does not let a forced call join a load that began before it', async () => {
    const { cache } = await build();
    const source = new Source<string>();
    const first = cache.getOrSet('a', source.load);
    await settle();
    const forced = cache.getOrSet('a', source.load, { force: true });
    await settle();
    expect(source.loads).toBe(2);
    source.answer('from the forced load', 1);
    expect(await forced).toBe('from the forced load');
    source.answer('from the load before', 0);
    expect(await first).toBe('from the load before');
    expect(await cache.get('a')).toBe('from the forced load');
  });

  it('deletes the keys it is given and no others', async () => {
    const { cache } = await build();
    await Promise.all(['a', 'b', 'c'].map((key) => cache.set(key, key)));
    await cache.delete('a', 'c', 'never stored');
    expect(await Promise.all(['a', 'b', 'c'].map((key) => cache.get(key)))).toEqual([undefined, 'b', undefined]);
  });

  it('replaces what was stored, with its ttl and its tags', async () => {
    const { cache, clock } = await build();
    await cache.set('a', 1, { ttl: '1s', tags: ['old'] });
    await cache.set('a', 2, { ttl: '1h', tags: ['new'] });
    await cache.invalidateTags('old');
    await clock.advance(60_000);
    expect(await cache.get('a')).toBe(2);
    await cache.invalidateTags('new');
    expect(await cache.get('a')).toBeUndefined();
  });

  it('refuses keys that are empty or no text, in every verb, by rejecting', async () => {
    const { cache } = await build();
    for (const key of ['', undefined, null, 7, {}, Symbol('a')] as string[]) {
      await expect(cache.get(key)).rejects.toThrow(LayerCacheKeyError);
      await expect(cache.lookup(key)).rejects.toThrow(LayerCacheKeyError);
      await expect(cache.has(key)).rejects.toThrow(LayerCacheKeyError);
      await expect(cache.set(key, 1)).rejects.toThrow(LayerCacheKeyError);
      await expect(cache.delete('fine', key)).rejects.toThrow(LayerCacheKeyError);
      await expect(cache.getOrSet(key, () => 1)).rejects.toThrow(LayerCacheKeyError);
    }
  });

  it('deletes nothing when one of the keys is refused', async () => {
    const { cache } = await build();
    await cache.set('a', 1);
    await expect(cache.delete('a', '')).rejects.toThrow(LayerCacheKeyError);
    expect(await cache.get('a')).toBe(1);
  });

  it('takes any text for a key, and tells all of them apart', async () => {
    const { cache } = await build();
    const keys = ['__proto__', 'constructor', 'a:b', 'a', '\ud800', '\ud801', ' ', 'k'.repeat(100_000), 'é', 'e\u0301'];
    await Promise.all(keys.map((key, index) => cache.set(key, index)));
    expect(await Promise.all(keys.map((key) => cache.get(key)))).toEqual(keys.map((_, index) => index));
  });

  it('counts every read once, under what became of it', async () => {
    const { cache, clock } = await build({ ttl: 1_000, staleWhileRevalidate: 1_000, negativeTtl: 500 });
    await cache.getOrSet('a', () => 1);
    await cache.getOrSet('a', () => 1);
    await cache.get('a');
    await cache.lookup('a');
    await cache.has('a');
    await cache.set('nothing', null);
    await cache.get('nothing');
    await cache.get('unknown');
    await clock.advance(1_500);
    await cache.getOrSet('a', () => 2);
    await clock.advance(0);
    const { hits, ...rest } = cache.stats();
    expect(Object.entries(hits).filter(([, count]) => count > 0)).toEqual([['memory', 3]]);
    expect(rest).toEqual({
      staleHits: 1,
      negativeHits: 1,
      misses: 2,
      loads: 2,
      loadErrors: 0,
      entries: 2,
      bytes: undefined,
    });
  });
});
