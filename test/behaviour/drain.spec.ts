import { describe, expect, it } from '@jest/globals';
import { createLayerCache, Drain } from '../../lib/index.js';
import { ManualClock } from '../../lib/testing/index.js';
import { Source, settle } from '../support/source.js';

describe('The drain of a cache', () => {
  it('waits for refreshes that have begun, and lets no further one begin', async () => {
    const clock = new ManualClock();
    const drain = new Drain();
    const cache = createLayerCache({ ttl: 1_000, staleWhileRevalidate: '1h', jitter: 0 }, { clock, drain });
    const source = new Source<string>();
    await cache.set('a', 'old');
    await cache.set('b', 'old');
    await clock.advance(1_000);
    await cache.getOrSet('a', source.load);
    let closed = false;
    const closing = drain.close().then(() => (closed = true));
    await settle();
    expect(closed).toBe(false);
    expect(await cache.getOrSet('b', source.load)).toBe('old');
    expect(source.loads).toBe(1);
    source.answer('new');
    await closing;
    expect(await cache.get('a')).toBe('new');
  });

  it('closes although a refresh fails', async () => {
    const clock = new ManualClock();
    const drain = new Drain();
    const cache = createLayerCache({ ttl: 1_000, staleWhileRevalidate: '1h', jitter: 0 }, { clock, drain });
    await cache.set('a', 'old');
    await clock.advance(1_000);
    await cache.getOrSet('a', () => Promise.reject(new Error('down')));
    await drain.close();
    expect(drain.open).toBe(false);
  });
});
