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

  it('hands on what the loader throws', async () => {
    const { cache } = await build({ enabled: false });
    const failure = new Error('down');
    await expect(cache.getOrSet('a', () => Promise.reject(failure))).rejects.toBe(failure);
  });
});
