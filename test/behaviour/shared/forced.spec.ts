import { describe, expect, it } from '@jest/globals';
import { twoCaches } from '../../support/cluster.js';

describe('A load that is forced', () => {
  it('and says null, which is not to be remembered, ends what Redis has', async () => {
    const { cluster, a, b } = await twoCaches({ negativeTtl: false, ttl: '1h' });
    await a.cache.set('k', 'old');
    expect(await b.cache.getOrSet<string | null>('k', () => null, { force: true })).toBeNull();
    await cluster.settle();
    expect(await b.cache.get('k')).toBeUndefined();
    expect(await a.cache.get('k')).toBeUndefined();
  });

  it.each(['release', 'invalidate-key'] as const)(
    'and says null ends what Redis has also where its %s fails at first',
    async (asked) => {
      const { cluster, a, b } = await twoCaches({ negativeTtl: false, ttl: '1h' });
      await a.cache.set('k', 'old');
      b.link.failNext('ERR whatever', asked);
      expect(await b.cache.getOrSet<string | null>('k', () => null, { force: true })).toBeNull();
      expect(await b.cache.get('k')).toBeUndefined();
      await cluster.clock.advance(1_000);
      expect(await b.cache.get('k')).toBeUndefined();
      expect(await a.cache.get('k')).toBeUndefined();
      expect(b.heard.of('error').map(([during]) => during)).toEqual(['redis lease']);
    },
  );

  it('and says that there is none, by an error that is remembered for a while, ends what Redis has', async () => {
    const { cluster, a, b } = await twoCaches({ isNegativeError: () => true, ttl: '1h' });
    await a.cache.set('k', 'old');
    const gone = (): never => {
      throw new Error('gone');
    };
    await expect(b.cache.getOrSet('k', gone, { force: true })).rejects.toThrow('gone');
    await cluster.clock.advance(6_000);
    expect(await b.cache.get('k')).toBeUndefined();
  });

  it('and skips leaves what there is', async () => {
    const { cluster, a, b } = await twoCaches({ ttl: '1h' });
    await a.cache.set('k', 'old');
    const skipped = b.cache.getOrSet(
      'k',
      ({ skip }) => {
        skip();
        return 'new';
      },
      { force: true },
    );
    expect(await skipped).toBe('new');
    await cluster.settle();
    expect(await b.cache.get('k')).toBe('old');
  });

  it('and fails leaves what there is', async () => {
    const { cluster, a, b } = await twoCaches({ ttl: '1h' });
    await a.cache.set('k', 'old');
    const fail = (): never => {
      throw new Error('source is down');
    };
    await expect(b.cache.getOrSet('k', fail, { force: true })).rejects.toThrow('source is down');
    await cluster.settle();
    for (const { cache } of [a, b]) expect(await cache.get('k')).toBe('old');
  });
});
