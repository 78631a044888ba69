import { describe, expect, it } from '@jest/globals';
import type { LayerCache } from '../../../lib/index.js';
import { Cluster } from '../../support/cluster.js';
import { keysOfParts } from '../../support/keys-of-parts.js';

const BUCKETS = 2;
const [FIRST, SECOND] = keysOfParts(BUCKETS);

type Way = readonly [words: string, invalidate: (cache: LayerCache) => Promise<void>];
const WAYS: readonly Way[] = [
  ['a tag', (cache) => cache.invalidateTags('t')],
  ['everything', (cache) => cache.clear()],
];

/** Two processes that have both keys in memory. */
async function joined() {
  const cluster = new Cluster({ ttl: '1h', tags: ['t'] }, BUCKETS);
  const [a, b] = [await cluster.join(), await cluster.join()];
  for (const key of [FIRST, SECOND]) await a.cache.set(key, 'old');
  await cluster.settle();
  for (const key of [FIRST, SECOND]) await b.cache.get(key);
  return { cluster, a, b };
}

describe.each(WAYS)('That one part of Redis tells of %s', (_words, invalidate) => {
  it('ends what lies there, and what lies elsewhere when it is told of there', async () => {
    const { cluster, a, b } = await joined();
    b.links[1]?.keepMessages();
    await invalidate(a.cache);
    await cluster.settle();
    expect(await b.cache.get(FIRST)).toBeUndefined();
    expect(await b.cache.lookup(SECOND)).toMatchObject({ value: 'old', tier: 'memory' });
    b.links[1]?.deliver();
    await cluster.settle();
    expect(await b.cache.get(SECOND)).toBeUndefined();
  });

  it('ends no load of what lies elsewhere, and takes no lease from it', async () => {
    const { cluster, a, b } = await joined();
    b.links[1]?.keepMessages();
    await invalidate(a.cache);
    await cluster.settle();
    let end: (value: string) => void = () => undefined;
    let loads = 0;
    const load = (): Promise<string> => {
      loads++;
      return new Promise((resolve) => {
        end = resolve;
      });
    };
    const read = (): Promise<string> => b.cache.getOrSet(FIRST, load);
    const first = read();
    await cluster.settle();
    b.links[1]?.deliver();
    await cluster.settle();
    const second = read();
    await cluster.settle();
    expect(loads).toBe(1);
    end('new');
    expect(await Promise.all([first, second])).toEqual(['new', 'new']);
    await cluster.settle();
    expect(await b.cache.lookup(FIRST)).toMatchObject({ value: 'new', tier: 'memory' });
    expect(await a.cache.getOrSet(FIRST, () => Promise.resolve('loaded twice'))).toBe('new');
  });

  it('ends a load there that began before it, whatever has been told of elsewhere', async () => {
    const { cluster, a, b } = await joined();
    await b.cache.delete(SECOND);
    await cluster.settle();
    b.links[1]?.keepMessages();
    let end: (value: string) => void = () => undefined;
    const stale = b.cache.getOrSet(
      SECOND,
      () =>
        new Promise<string>((resolve) => {
          end = resolve;
        }),
    );
    await cluster.settle();
    await invalidate(a.cache);
    await cluster.settle();
    b.links[1]?.deliver();
    await cluster.settle();
    const fresh = b.cache.getOrSet(SECOND, () => Promise.resolve('new'));
    await cluster.settle();
    end('from before');
    expect(await stale).toBe('from before');
    expect(await fresh).toBe('new');
    await cluster.settle();
    expect(await b.cache.get(SECOND)).toBe('new');
  });

  it('here, where it was called, ends everything at once', async () => {
    const { a } = await joined();
    void invalidate(a.cache);
    for (const key of [FIRST, SECOND]) expect(await a.cache.get(key)).toBeUndefined();
  });
});
