import { describe, expect, it } from '@jest/globals';
import { InvalidationPendingError } from '../../../lib/index.js';
import { Cluster, type Member } from '../../support/cluster.js';
import { keysOfParts } from '../../support/keys-of-parts.js';

const BUCKETS = 2;
const [HERE, AWAY] = keysOfParts(BUCKETS);

type Way = readonly [words: string, invalidate: (member: Member) => Promise<void>];
const WAYS: readonly Way[] = [
  ['a tag', ({ cache }) => cache.invalidateTags('t')],
  ['everything', ({ cache }) => cache.clear()],
];

/** Two processes, of which the first has just invalidated something that it could not tell one part of Redis. */
async function halfTold(invalidate: Way[1]) {
  const cluster = new Cluster({ ttl: '1h', tags: ['t'] }, BUCKETS);
  const [a, b] = [await cluster.join(), await cluster.join()];
  for (const key of [HERE, AWAY]) await a.cache.set(key, 'old');
  await cluster.settle();
  a.links[1]?.cut('both');
  await cluster.settle();
  const failure = invalidate(a).catch((error: unknown) => error);
  await cluster.clock.advance(250);
  expect(await failure).toBeInstanceOf(InvalidationPendingError);
  return { cluster, a, b };
}

/** Whether what the one loads is what the other finds in Redis. */
async function isShared(cluster: Cluster, { from, to, key }: { from: Member; to: Member; key: string }) {
  const value = await from.cache.getOrSet(key, () => Promise.resolve('new'));
  await cluster.settle();
  return value === 'new' && (await to.cache.getOrSet(key, () => Promise.resolve('loaded twice'))) === 'new';
}

describe.each(WAYS)('While a part of Redis is away and was not told of %s,', (_words, invalidate) => {
  it('what lies in the other part is shared', async () => {
    const { cluster, a, b } = await halfTold(invalidate);
    expect(await isShared(cluster, { from: a, to: b, key: HERE })).toBe(true);
    const again = await halfTold(invalidate);
    expect(await isShared(again.cluster, { from: again.b, to: again.a, key: HERE })).toBe(true);
  });

  it('nothing old comes from there, and what is loaded meanwhile is not kept for long', async () => {
    const { cluster, a } = await halfTold(invalidate);
    expect(await a.cache.getOrSet(AWAY, () => Promise.resolve('new'))).toBe('new');
    await cluster.clock.advance(70_000);
    expect(await a.cache.getOrSet(AWAY, () => Promise.resolve('newer'))).toBe('newer');
  });

  it('it is told when it is back, and what was told before is not ended once more', async () => {
    const { cluster, a, b } = await halfTold(invalidate);
    expect(await isShared(cluster, { from: a, to: b, key: HERE })).toBe(true);
    expect(await b.cache.get(AWAY)).toBe('old');
    a.links[1]?.restore();
    await cluster.clock.advance(2_000);
    expect([await a.cache.get(AWAY), await b.cache.get(AWAY)]).toEqual([undefined, undefined]);
    expect([await a.cache.get(HERE), await b.cache.get(HERE)]).toEqual(['new', 'new']);
  });
});

describe('While a part of Redis is away,', () => {
  it('more than can be owed one by one becomes everything there, and not elsewhere', async () => {
    const cluster = new Cluster({ ttl: '1h', tags: ['t'] }, BUCKETS);
    const [a, b] = [await cluster.join(), await cluster.join()];
    for (const key of [HERE, AWAY]) await a.cache.set(key, 'old');
    a.links[1]?.cut('both');
    await cluster.settle();
    const tags = Array.from({ length: 10_001 }, (_, index) => `of ${index}`);
    const failures = Array.from({ length: 11 }, (_, call) =>
      a.cache.invalidateTags(...tags.slice(call * 1_000, (call + 1) * 1_000)).catch(() => 0),
    );
    await cluster.clock.advance(250);
    await Promise.all(failures);
    a.links[1]?.restore();
    await cluster.clock.advance(2_000);
    expect([await b.cache.get(HERE), await b.cache.get(AWAY)]).toEqual(['old', undefined]);
  });
});
