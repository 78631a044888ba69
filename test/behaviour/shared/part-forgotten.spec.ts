import { describe, expect, it } from '@jest/globals';
import type { LayerCache } from '../../../lib/index.js';
import { Cluster, twoCaches } from '../../support/cluster.js';
import { keysOfParts } from '../../support/keys-of-parts.js';

const BUCKETS = 2;
const [HERE, LOST] = keysOfParts(BUCKETS);

/** Two processes; one part of Redis forgets all it had, and they have found that out. */
async function forgetful() {
  const cluster = new Cluster({ ttl: '1h', tags: ['t'] }, BUCKETS);
  const [a, b] = [await cluster.join(), await cluster.join()];
  const forget = async (foundOutWithin = 2_000): Promise<void> => {
    for (const key of cluster.server.keys) if (key.includes(':1}:')) cluster.server.delete(key);
    for (const { cache } of [a, b]) await cache.get(`${LOST} of nobody`);
    await cluster.clock.advance(foundOutWithin);
  };
  return { cluster, a, b, forget };
}

describe('When one part of Redis has lost what it held,', () => {
  it('a load of a key in another is joined, waited for by other processes, and stored', async () => {
    const { cluster, a, b, forget } = await forgetful();
    let loads = 0;
    let end: (value: string) => void = () => undefined;
    const load = (): Promise<string> => {
      loads++;
      return new Promise((resolve) => {
        end = resolve;
      });
    };
    const first = a.cache.getOrSet(HERE, load);
    await cluster.settle();
    await forget();
    const others = [a, b].map(({ cache }) => cache.getOrSet(HERE, load));
    await cluster.settle();
    expect(loads).toBe(1);
    end('loaded');
    expect(await first).toBe('loaded');
    await cluster.clock.advance(1_000);
    expect(await Promise.all(others)).toEqual(['loaded', 'loaded']);
    expect(loads).toBe(1);
  });

  it('nobody who waits for a load of a key in another asks for it anew', async () => {
    const { cluster, a, b, forget } = await forgetful();
    let end: (value: string) => void = () => undefined;
    const load = a.cache.getOrSet(
      HERE,
      () =>
        new Promise<string>((resolve) => {
          end = resolve;
        }),
    );
    await cluster.settle();
    const waiting = b.cache.getOrSet(HERE, () => Promise.resolve('loaded twice'));
    await cluster.clock.advance(1_000);
    const acquires = (): number => b.link.asked.filter((asked) => asked === 'acquire').length;
    const before = acquires();
    await forget(50);
    expect(acquires()).toBe(before);
    end('loaded');
    expect(await load).toBe('loaded');
    await cluster.settle();
    expect(await waiting).toBe('loaded');
  });

  it('memory answers with what belongs to another as before', async () => {
    const { cluster, a, b, forget } = await forgetful();
    for (const key of [HERE, LOST]) await a.cache.set(key, 'set');
    await cluster.settle();
    await b.cache.get(HERE);
    await forget();
    for (const { cache } of [a, b]) expect(await cache.lookup(HERE)).toMatchObject({ value: 'set', tier: 'memory' });
    for (const { cache } of [a, b]) expect(await cache.get(LOST)).toBeUndefined();
  });
});

describe('When Redis has lost where its stream stood, and nobody has found out,', () => {
  it.each([
    ['a key', (cache: LayerCache) => cache.delete('k')],
    ['a tag', (cache: LayerCache) => cache.invalidateTags('t')],
    ['everything', (cache: LayerCache) => cache.clear()],
  ])('what one process invalidates, %s, is over for another as soon as it hears of it', async (_what, invalidate) => {
    const { cluster, a, b } = await twoCaches({ ttl: '1h', tags: ['t'] });
    await a.cache.set('k', 'old');
    await cluster.settle();
    await b.cache.get('k');
    expect(await b.cache.lookup('k')).toMatchObject({ value: 'old', tier: 'memory' });
    for (const key of cluster.server.keys) if (key.endsWith(':s')) cluster.server.delete(key);
    b.link.hold('replies');
    await invalidate(a.cache);
    await cluster.settle();
    expect(await Promise.race([b.cache.get('k'), cluster.settle()])).toBeUndefined();
    b.link.goOn();
  });
});
