import { expect, it } from '@jest/globals';
import { Source, settle, stateOf } from '../support/source.js';
import { onEveryTopology } from '../support/topology.js';

onEveryTopology('stale-while-revalidate', (build) => {
  const options = { ttl: 1_000, staleWhileRevalidate: 500 };

  it('serves the old value at once and refreshes behind it', async () => {
    const { cache, clock } = await build(options);
    const source = new Source<string>();
    await cache.set('a', 'old');
    await clock.advance(1_200);
    expect(await cache.getOrSet('a', source.load)).toBe('old');
    await settle();
    expect(source.loads).toBe(1);
    source.answer('new');
    await settle();
    expect(await cache.getOrSet('a', source.load)).toBe('new');
    expect(source.loads).toBe(1);
  });

  it('runs one refresh, however many read meanwhile', async () => {
    const { cache, clock } = await build(options);
    const source = new Source<string>();
    await cache.set('a', 'old');
    await clock.advance(1_200);
    const reads = await Promise.all(Array.from({ length: 1_000 }, () => cache.getOrSet('a', source.load)));
    expect(new Set(reads)).toEqual(new Set(['old']));
    await settle();
    expect(source.loads).toBe(1);
  });

  it('is over when its time is: then a caller waits for the load', async () => {
    const { cache, clock } = await build(options);
    const source = new Source<string>();
    await cache.set('a', 'old');
    await clock.advance(1_500);
    const read = cache.getOrSet('a', source.load);
    expect(await stateOf(read)).toBe('pending');
    source.answer('new');
    expect(await read).toBe('new');
  });

  it('hands a caller who comes after the end the refresh that is already running', async () => {
    const { cache, clock } = await build(options);
    const source = new Source<string>();
    await cache.set('a', 'old');
    await clock.advance(1_400);
    await cache.getOrSet('a', source.load);
    await clock.advance(200);
    const read = cache.getOrSet('a', source.load);
    expect(source.loads).toBe(1);
    source.answer('new');
    expect(await read).toBe('new');
  });

  it('goes on serving the old value after a failed refresh, without a new load before retryAfter is over', async () => {
    const { cache, clock, heard } = await build({ ttl: 1_000, staleWhileRevalidate: '1h', retryAfter: 2_000 });
    const source = new Source<string>();
    const failure = new Error('source is down');
    await cache.set('a', 'old');
    await clock.advance(1_000);
    await cache.getOrSet('a', source.load);
    await settle();
    source.fail(failure);
    await settle();
    expect(heard.of('error')).toEqual([['refresh', failure]]);
    await clock.advance(1_999);
    expect(await cache.getOrSet('a', source.load)).toBe('old');
    await settle();
    expect(source.loads).toBe(1);
    await clock.advance(1);
    expect(await cache.getOrSet('a', source.load)).toBe('old');
    await settle();
    expect(source.loads).toBe(2);
  });

  it('gives up a refresh that never ends, and starts another', async () => {
    const { cache, clock } = await build({ ttl: 1_000, staleWhileRevalidate: '1h', timeout: '5s', retryAfter: 0 });
    const source = new Source<string>();
    await cache.set('a', 'old');
    await clock.advance(1_000);
    await cache.getOrSet('a', source.load);
    await clock.advance(5_000);
    expect(source.contexts[0]?.signal.aborted).toBe(true);
    await cache.getOrSet('a', source.load);
    await settle();
    source.answer('new');
    await settle();
    expect(await cache.getOrSet('a', source.load)).toBe('new');
  });

  it('shows the old value to the load that replaces it', async () => {
    const { cache, clock } = await build(options);
    const source = new Source<string>();
    await cache.set('a', 'old');
    await clock.advance(1_200);
    await cache.getOrSet('a', source.load);
    await settle();
    expect(source.contexts[0]?.stale).toBe('old');
    expect(source.contexts[0]?.key).toBe('a');
  });

  it('is not for remembered nulls', async () => {
    const { cache, clock } = await build({ ttl: '1h', staleWhileRevalidate: '1h', negativeTtl: 1_000 });
    await cache.getOrSet('a', () => null);
    await clock.advance(1_000);
    expect(await cache.getOrSet<number | null>('a', () => 1)).toBe(1);
  });
});
