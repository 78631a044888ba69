import { expect, it } from '@jest/globals';
import { Source } from '../support/source.js';
import { onEveryTopology } from '../support/topology.js';

onEveryTopology('a loader', (build) => {
  it('may decline to have its result stored', async () => {
    const { cache } = await build();
    const read = () =>
      cache.getOrSet('a', (context) => {
        context.skip();
        return { not: 'kept' };
      });
    expect(await read()).toEqual({ not: 'kept' });
    expect(await cache.has('a')).toBe(false);
  });

  it('may decide from what it found how long the result is kept and what ends it', async () => {
    const { cache, clock } = await build({ ttl: '1h' });
    const read = () =>
      cache.getOrSet(
        'a',
        ({ adapt }) => {
          adapt({ ttl: '10s', tags: ['found'] });
          return 1;
        },
        { tags: ['declared'] },
      );
    await read();
    await clock.advance(10_000);
    expect(await cache.has('a')).toBe(false);
    for (const tag of ['found', 'declared']) {
      await read();
      expect(await cache.has('a')).toBe(true);
      await cache.invalidateTags(tag);
      expect(await cache.has('a')).toBe(false);
    }
  });

  it('is told at once when it adapts by an option that does not exist', async () => {
    const { cache } = await build();
    const read = cache.getOrSet('a', ({ adapt }) => {
      adapt({ tll: '10s' } as object);
      return 1;
    });
    await expect(read).rejects.toThrow("tll: got '10s', but there is no such option. Did you mean 'ttl'?");
  });

  it('sees its signal fire even when it asks for it after it was given up', async () => {
    const { cache, clock } = await build({ timeout: '5s' });
    const source = new Source<string>();
    const read = cache.getOrSet('a', source.load).catch((error: unknown) => error);
    await clock.advance(5_000);
    expect(source.contexts[0]?.signal.reason).toBe(await read);
  });

  it('has to be a function', async () => {
    const { cache } = await build();
    await expect(cache.getOrSet('a', 'value' as never)).rejects.toThrow('load: got');
  });
});
