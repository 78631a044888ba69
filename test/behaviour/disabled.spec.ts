import { expect, it } from '@jest/globals';
import { onEveryTopology } from '../support/topology.js';

onEveryTopology('a cache that is not enabled', (build) => {
  it('loads at every call and stores nothing', async () => {
    const { cache, heard } = await build({ enabled: false });
    let loads = 0;
    const read = () => cache.getOrSet('a', () => ({ load: ++loads }));
    expect(await read()).toEqual({ load: 1 });
    expect(await read()).toEqual({ load: 2 });
    await cache.set('a', 1);
    expect(await cache.get('a')).toBeUndefined();
    expect(await cache.has('a')).toBe(false);
    expect(await cache.lookup('a')).toEqual({ found: false });
    await cache.delete('a');
    await cache.invalidateTags('t');
    await cache.clear();
    expect(heard.of('bypass')).toEqual([
      ['a', 'disabled'],
      ['a', 'disabled'],
    ]);
    expect(cache.stats().entries).toBe(0);
  });

  it('says nothing of what it does not do: nothing was read, stored or deleted', async () => {
    const { cache, heard } = await build({ enabled: false });
    await cache.set('a', 1);
    await Promise.all([cache.get('a'), cache.lookup('a'), cache.delete('a')]);
    expect([heard.events, cache.stats().misses]).toEqual([[], 0]);
  });

  it('refuses a bad key all the same', async () => {
    const { cache } = await build({ enabled: false });
    for (const refused of [cache.get(''), cache.has(''), cache.getOrSet('', () => 1), cache.set('', 1)])
      await expect(refused).rejects.toThrow('the key is empty.');
  });

  it('calls a wrapped function with arguments of which no key could be made', async () => {
    const { cache } = await build({ enabled: false });
    const call = cache.wrap('call', (fn: () => number) => Promise.resolve(fn()));
    expect(await call(() => 7)).toBe(7);
  });

  it('hands on what the loader throws', async () => {
    const { cache } = await build({ enabled: false });
    const failure = new Error('down');
    await expect(cache.getOrSet('a', () => Promise.reject(failure))).rejects.toBe(failure);
  });
});
