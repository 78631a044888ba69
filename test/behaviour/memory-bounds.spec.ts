import { describe, expect, it } from '@jest/globals';
import { createLayerCache } from '../../lib/index.js';

describe('The memory tier of a cache', () => {
  it('holds no more entries than max, and lets go of the one used least lately', async () => {
    const cache = createLayerCache({ memory: { max: 3 } });
    for (const key of ['a', 'b', 'c']) await cache.set(key, key);
    await cache.get('a');
    await cache.set('d', 'd');
    expect(await Promise.all(['a', 'b', 'c', 'd'].map((key) => cache.has(key)))).toEqual([true, false, true, true]);
  });

  it('holds no more bytes than maxBytes', async () => {
    const cache = createLayerCache({ memory: { maxBytes: '64kb' } });
    for (let index = 0; index < 200; index++) {
      await cache.set(`k${index}`, 'x'.repeat(1_000));
      expect(cache.stats().bytes).toBeLessThanOrEqual(65_536);
    }
    expect(cache.stats().entries).toBeGreaterThan(30);
    await cache.set('huge', 'x'.repeat(100_000));
    expect(await cache.has('huge')).toBe(false);
  });
});
