import { describe, expect, it } from '@jest/globals';
import { twoCaches } from '../../support/cluster.js';

/** X, which is the default. */
const BOUND = 2_000;
/** Long enough that nothing is trusted any more. */
const OUTAGE = 5_000;

describe('A process that was cut off alone, and is back,', () => {
  it('asks Redis about what it held, and shows nothing that was invalidated meanwhile', async () => {
    const { cluster, a, b } = await twoCaches({ ttl: '1h' });
    const keys = ['kept', 'deleted', 'replaced', 'tagged'];
    for (const key of keys) await a.cache.set(key, 'old', { tags: key === 'tagged' ? ['t'] : [] });
    await cluster.settle();
    a.link.cut();
    await cluster.clock.advance(OUTAGE);
    await b.cache.delete('deleted');
    await b.cache.set('replaced', 'new');
    await b.cache.invalidateTags('t');
    a.link.restore();
    await cluster.settle();
    const loads: string[] = [];
    const read = (key: string): Promise<string> =>
      a.cache.getOrSet(key, () => {
        loads.push(key);
        return 'loaded';
      });
    expect(await Promise.all(keys.map(read))).toEqual(['old', 'loaded', 'new', 'loaded']);
    expect(loads).toEqual(['deleted', 'tagged']);
    expect(await a.cache.lookup('kept')).toMatchObject({ tier: 'memory' });
  });

  it('goes on with what it loaded meanwhile, which Redis has not', async () => {
    const { cluster, a } = await twoCaches({ ttl: '1h' });
    a.link.cut();
    await cluster.clock.advance(OUTAGE);
    expect(await a.cache.getOrSet('k', () => 'meanwhile')).toBe('meanwhile');
    a.link.restore();
    await cluster.settle();
    expect(await a.cache.get('k')).toBe('meanwhile');
  });
});

describe('When Redis was away from everybody, and has come back with nothing,', () => {
  async function returned() {
    const { cluster, a, b } = await twoCaches({ ttl: '1h' });
    for (const key of ['k', 'tagged', 'quiet']) await b.cache.set(key, 'old', { tags: key === 'tagged' ? ['t'] : [] });
    await cluster.settle();
    for (const { link } of [a, b]) link.cut();
    await cluster.clock.advance(OUTAGE);
    cluster.server.restart(`${'c'.repeat(40)}:${'d'.repeat(40)}`);
    return { cluster, a, b };
  }

  it('who is back later hears of what was told before he listened', async () => {
    const { cluster, a, b } = await returned();
    a.link.restore();
    await cluster.settle();
    await a.cache.delete('k');
    await a.cache.invalidateTags('t');
    await cluster.clock.advance(BOUND / 2);
    b.link.restore();
    await cluster.clock.advance(BOUND);
    expect(await b.cache.get('k')).toBeUndefined();
    expect(await b.cache.get('tagged')).toBeUndefined();
    expect(await b.cache.get('quiet')).toBe('old');
  });

  it('what is told again ends nothing that was set since', async () => {
    const { cluster, a, b } = await returned();
    for (const { link } of [a, b]) link.restore();
    await cluster.settle();
    await a.cache.delete('k');
    await b.cache.set('k', 'new');
    await cluster.clock.advance(2 * BOUND);
    expect([await a.cache.get('k'), await b.cache.get('k')]).toEqual(['new', 'new']);
    expect(await b.cache.lookup('k')).toMatchObject({ found: true });
  });

  it('a clear is told again as well, and many invalidations are told again as one', async () => {
    for (const many of [0, 1_001]) {
      const { cluster, a, b } = await returned();
      a.link.restore();
      await cluster.settle();
      if (many === 0) await a.cache.clear();
      else await a.cache.delete(...Array.from({ length: many }, (_, index) => `other ${index}`));
      await cluster.clock.advance(BOUND / 2);
      b.link.restore();
      await cluster.clock.advance(BOUND);
      expect(await b.cache.get('quiet')).toBeUndefined();
    }
  });
});
