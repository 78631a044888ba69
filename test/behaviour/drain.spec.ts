import { expect, it } from '@jest/globals';
import { Drain } from '../../lib/index.js';
import { Source, settle } from '../support/source.js';
import { onEveryTopology } from '../support/topology.js';

onEveryTopology('the drain of a cache', (build) => {
  it('waits for refreshes that have begun, and lets no further one begin', async () => {
    const drain = new Drain();
    const { cache, clock } = await build({ ttl: 1_000, staleWhileRevalidate: '1h' }, { drain });
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
    await settle();
    expect(source.loads).toBe(1);
    source.answer('new');
    await closing;
    expect(await cache.get('a')).toBe('new');
  });

  it('closes although a refresh fails', async () => {
    const drain = new Drain();
    const { cache, clock } = await build({ ttl: 1_000, staleWhileRevalidate: '1h' }, { drain });
    await cache.set('a', 'old');
    await clock.advance(1_000);
    await cache.getOrSet('a', () => Promise.reject(new Error('down')));
    await drain.close();
    expect(drain.open).toBe(false);
  });
});
