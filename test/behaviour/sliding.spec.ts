import { expect, it } from '@jest/globals';
import { onMemory } from '../support/topology.js';

// With Redis the option is refused: only memory can start a ttl anew.
onMemory('sliding', (build) => {
  it('starts the ttl anew at each fresh hit, by get as by getOrSet', async () => {
    const { cache, clock } = await build({ ttl: 1_000, sliding: true });
    await cache.set('a', 'kept alive');
    for (let turn = 0; turn < 5; turn++) {
      await clock.advance(900);
      expect(await cache.get('a')).toBe('kept alive');
      await clock.advance(900);
      expect(await cache.getOrSet('a', () => 'reloaded')).toBe('kept alive');
    }
    await clock.advance(1_000);
    expect(await cache.getOrSet('a', () => 'reloaded')).toBe('reloaded');
  });

  it('does not let a look by has keep a value alive', async () => {
    const { cache, clock } = await build({ ttl: 1_000, sliding: true });
    await cache.set('a', 1);
    await clock.advance(900);
    expect(await cache.has('a')).toBe(true);
    await clock.advance(100);
    expect(await cache.has('a')).toBe(false);
  });

  it('does not start the ttl anew at the very end of it', async () => {
    const { cache, clock } = await build({ ttl: 1_000, staleWhileRevalidate: 1_000, sliding: true });
    await cache.set('a', 1);
    await clock.advance(1_000);
    await cache.get('a');
    expect(await cache.lookup('a')).toMatchObject({ state: 'stale' });
  });

  it('does not start the ttl anew at a stale hit', async () => {
    const { cache, clock } = await build({ ttl: 1_000, staleWhileRevalidate: 1_000, sliding: true });
    await cache.set('a', 1);
    await clock.advance(1_500);
    await cache.get('a');
    expect(await cache.lookup('a')).toMatchObject({ state: 'stale' });
  });
});
