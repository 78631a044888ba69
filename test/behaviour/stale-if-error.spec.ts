import { expect, it } from '@jest/globals';
import { LoadTimeoutError } from '../../lib/index.js';
import { Source, settle, stateOf } from '../support/source.js';
import { onEveryTopology } from '../support/topology.js';

onEveryTopology('stale-if-error', (build) => {
  const options = { ttl: 1_000, staleIfError: 60_000, retryAfter: 2_000 };
  const failure = new Error('source is down');

  it('loads first, and serves the old value only when the load fails', async () => {
    const { cache, clock, heard } = await build(options);
    const source = new Source<string>();
    await cache.set('a', 'old');
    await clock.advance(1_000);
    const read = cache.getOrSet('a', source.load);
    expect(await stateOf(read)).toBe('pending');
    source.fail(failure);
    expect(await read).toBe('old');
    expect(heard.of('error')).toEqual([['load', failure]]);
    expect(heard.of('staleHit')).toEqual([['a', 'memory', 'load-failed']]);
  });

  it('gives the new value when the load succeeds', async () => {
    const { cache, clock } = await build(options);
    await cache.set('a', 'old');
    await clock.advance(1_000);
    expect(await cache.getOrSet('a', () => 'new')).toBe('new');
  });

  it('hands the error on, as the same object, when its time is over', async () => {
    const { cache, clock } = await build(options);
    await cache.set('a', 'old');
    await clock.advance(61_000);
    await expect(cache.getOrSet('a', () => Promise.reject(failure))).rejects.toBe(failure);
  });

  it('hands the error on when its time is over before the load fails', async () => {
    const { cache, clock } = await build(options);
    const source = new Source<string>();
    await cache.set('a', 'old');
    await clock.advance(60_000);
    const read = cache.getOrSet('a', source.load);
    await clock.advance(1_000);
    source.fail(failure);
    await expect(read).rejects.toBe(failure);
  });

  it('tries no new load before retryAfter is over', async () => {
    const { cache, clock } = await build(options);
    let loads = 0;
    const read = () =>
      cache.getOrSet('a', () => {
        loads++;
        return Promise.reject(failure);
      });
    await cache.set('a', 'old');
    await clock.advance(1_000);
    await read();
    await clock.advance(1_999);
    expect(await read()).toBe('old');
    expect(loads).toBe(1);
    await clock.advance(1);
    expect(await read()).toBe('old');
    expect(loads).toBe(2);
  });

  it('serves the old value when the load takes too long', async () => {
    const { cache, clock } = await build({ ...options, timeout: '5s' });
    const source = new Source<string>();
    await cache.set('a', 'old');
    await clock.advance(1_000);
    const read = cache.getOrSet('a', source.load);
    await clock.advance(5_000);
    expect(await read).toBe('old');
    expect(source.contexts[0]?.signal.reason).toBeInstanceOf(LoadTimeoutError);
  });

  it('never brings back what was invalidated, neither before the load nor during it', async () => {
    const { cache, clock } = await build(options);
    const source = new Source<string>();
    await cache.set('before', 'old', { tags: ['t'] });
    await cache.invalidateTags('t');
    await expect(cache.getOrSet('before', () => Promise.reject(failure))).rejects.toBe(failure);

    await cache.set('during', 'old', { tags: ['t'] });
    await clock.advance(1_000);
    const read = cache.getOrSet('during', source.load);
    await settle();
    await cache.invalidateTags('t');
    source.fail(failure);
    await expect(read).rejects.toBe(failure);
  });

  it('counts from the end of ttl, as staleWhileRevalidate does', async () => {
    const { cache, clock } = await build({ ttl: 1_000, staleWhileRevalidate: 10_000, staleIfError: 5_000 });
    await cache.set('a', 'old');
    await clock.advance(8_000);
    expect(await cache.getOrSet('a', () => Promise.reject(failure))).toBe('old');
    await clock.advance(3_000);
    await expect(cache.getOrSet('a', () => Promise.reject(failure))).rejects.toBe(failure);
  });
});
