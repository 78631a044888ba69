import { expect, it } from '@jest/globals';
import { Source, settle } from '../support/source.js';
import { onEveryTopology } from '../support/topology.js';

onEveryTopology('refresh-ahead', (build) => {
  it('refreshes behind a hit once the share of the ttl is over, and not before', async () => {
    const { cache, clock } = await build({ ttl: 1_000, refreshAhead: 0.8 });
    const source = new Source<string>();
    await cache.set('a', 'old');
    await clock.advance(799);
    expect(await cache.getOrSet('a', source.load)).toBe('old');
    await settle();
    expect(source.loads).toBe(0);
    await clock.advance(1);
    expect(await cache.getOrSet('a', source.load)).toBe('old');
    await settle();
    expect(source.loads).toBe(1);
    source.answer('new');
    await settle();
    await clock.advance(500);
    expect(await cache.getOrSet('a', source.load)).toBe('new');
    expect(source.loads).toBe(1);
  });

  it('runs one refresh for all hits, and after a failure none before retryAfter is over', async () => {
    const { cache, clock } = await build({ ttl: 10_000, refreshAhead: 0.5, retryAfter: 2_000 });
    const source = new Source<string>();
    await cache.set('a', 'old');
    await clock.advance(5_000);
    await Promise.all([cache.getOrSet('a', source.load), cache.getOrSet('a', source.load)]);
    await settle();
    expect(source.loads).toBe(1);
    source.fail(new Error('source is down'));
    await settle();
    await clock.advance(1_999);
    await cache.getOrSet('a', source.load);
    await settle();
    expect(source.loads).toBe(1);
    await clock.advance(1);
    await cache.getOrSet('a', source.load);
    await settle();
    expect(source.loads).toBe(2);
  });

  it('refreshes the earlier, the longer the load took and the more chance wills it, when adaptive', async () => {
    const { cache, clock, chance } = await build({ ttl: 10_000, refreshAhead: 'adaptive' });
    const source = new Source<string>();
    const first = cache.getOrSet('a', source.load);
    await clock.advance(400);
    source.answer('old');
    await first;
    // A draw of 1 - 1/e makes XFetch look exactly one load time ahead.
    chance(1 - 1 / Math.E);
    await clock.advance(9_599);
    await cache.getOrSet('a', source.load);
    await settle();
    expect(source.loads).toBe(1);
    chance(0);
    await clock.advance(200);
    await cache.getOrSet('a', source.load);
    await settle();
    expect(source.loads).toBe(1);
    chance(1 - 1 / Math.E);
    expect(await cache.getOrSet('a', source.load)).toBe('old');
    await settle();
    expect(source.loads).toBe(2);
  });

  it('never refreshes early what took no time to load, when adaptive', async () => {
    const { cache, clock, chance } = await build({ ttl: 1_000, refreshAhead: 'adaptive' });
    chance(1 - 2 ** -32);
    await cache.getOrSet('a', () => 1);
    await clock.advance(999);
    expect(await cache.getOrSet('a', () => 2)).toBe(1);
    await settle();
    expect(await cache.get('a')).toBe(1);
  });
});
