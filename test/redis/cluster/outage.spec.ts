import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../../lib/core/clock.js';
import { InvalidationPendingError } from '../../../lib/core/errors.js';
import type { ClusterNode } from '../../support/redis/cluster-node.js';
import { RedisCluster } from '../../support/redis/redis-cluster.js';
import { until } from '../../support/redis/until.js';
import { DRIVERS } from '../link-world.js';
import { Traffic } from './traffic.js';
import {
  allBuckets,
  bucketsAt,
  closeAll,
  DETACHED_TTL,
  joined,
  keyIn,
  type Member,
  memberOf,
  shared,
  sightOf,
  slotOfBucket,
  STALE_BOUND,
} from './world.js';

const BUCKET = 3;
let cluster: RedisCluster;

beforeAll(async () => {
  cluster = await RedisCluster.start({ partitionable: true });
});

afterEach(async () => {
  await Traffic.endAll();
  await closeAll();
});

afterAll(() => cluster.stop());

/** A primary and its replica die, and with them all that was in their slots. */
async function withoutShare(task: (lost: readonly number[], kept: readonly number[]) => Promise<void>): Promise<void> {
  const slot = slotOfBucket(BUCKET);
  const [replica, primary] = [await cluster.replicaOf(slot), await cluster.primaryOf(slot)];
  const lost = await bucketsAt(cluster, primary);
  const kept = allBuckets().filter((bucket) => !lost.includes(bucket));
  await replica.kill();
  await primary.kill();
  try {
    await task(lost, kept);
  } finally {
    await primary.restart();
    await replica.restart();
    await cluster.settled();
  }
}

async function allKilled(nodes: readonly ClusterNode[], task: () => Promise<void>): Promise<void> {
  await Promise.all(nodes.map((node) => node.kill()));
  try {
    await task();
  } finally {
    await Promise.all(nodes.map((node) => node.restart()));
    await cluster.settled();
  }
}

describe.each(DRIVERS)('While a primary is gone and nobody takes over, caches by $driver', ({ load }) => {
  it('share what the others have, and what is ended of it ends at once', async () => {
    const [one, other] = (await joined(2, cluster, { load })) as [Member, Member];
    await shared(one, other);
    let pending: unknown;
    const seen: string[] = [];
    await withoutShare(async (lost, kept) => {
      await until(async () => {
        const refused = await one.cache.delete(keyIn(BUCKET)).then(
          () => false,
          (error: unknown) => error instanceof InvalidationPendingError,
        );
        return refused ? undefined : 'its bucket is not missed yet';
      });
      await shared(one, other, kept);
      const keys = kept.map(keyIn);
      await Promise.all(keys.map((key) => one.cache.set(key, 'old', { tags: ['t'] })));
      expect(await Promise.all(keys.map((key) => other.cache.get(key)))).toEqual(keys.map(() => 'old'));
      pending = await one.cache.invalidateTags('t').catch((error: unknown) => error);
      // Loaded by each process for itself.
      const [away = 0] = lost;
      seen.push(await other.cache.getOrSet(keyIn(away), () => Promise.resolve('of the source')));
      await until(async () => {
        const left = (await Promise.all(keys.map((key) => other.cache.get(key)))).filter(
          (value) => value !== undefined,
        );
        return left.length > 0 ? `${left.length} are left` : undefined;
      });
      // The tag is owed to those who are away, and to nobody else.
      await Promise.all(keys.map((key) => one.cache.getOrSet(key, () => Promise.resolve('again'), { tags: ['t'] })));
      await until(async () => {
        const sights = await Promise.all(keys.map((key) => sightOf(other, key)));
        return sights.find((sight) => !sight.startsWith('again'));
      });
    });
    expect(pending).toBeInstanceOf(InvalidationPendingError);
    expect(seen).toEqual(['of the source']);
    await shared(one, other);
    // What was owed is told: Redis is asked for what carries the tag again.
    const key = keyIn(BUCKET);
    await until(async () => {
      await other.cache.set(key, 'new', { tags: ['t'] });
      const sight = await sightOf(one, key);
      return sight.startsWith('new') ? undefined : sight;
    });
    await until(async () => {
      await other.cache.delete(key);
      await one.cache.getOrSet(key, () => Promise.resolve('by one'), { tags: ['t'] });
      const sight = await sightOf(other, key);
      return sight.startsWith('by one') ? undefined : sight;
    });
  });

  it('join when it is back, though it was away when they began', async () => {
    const late: Member[] = [];
    await withoutShare(async (_lost, kept) => {
      late.push(...(await joined(2, cluster, { load })));
      const [one, other] = late as [Member, Member];
      expect(one.warnings).toEqual([expect.stringContaining('could not be reached within 1000 ms')]);
      await shared(one, other, kept);
    });
    const [one, other] = late as [Member, Member];
    await shared(one, other);
    expect(one.warnings).toHaveLength(1);
  });
});

describe.each(DRIVERS)('While no node is there, a cache by $driver', ({ load }) => {
  it('begins after a second, with one warning, and joins when they are back', async () => {
    const begun: Member[] = [];
    await allKilled(cluster.nodes, async () => {
      const began = systemClock.now();
      begun.push(...(await joined(2, cluster, { load })));
      expect(systemClock.now() - began).toBeGreaterThan(990);
      expect(begun.map(({ warnings }) => warnings.length)).toEqual([1, 1]);
      expect(await begun[0]?.cache.getOrSet('k', () => Promise.resolve('loaded'))).toBe('loaded');
    });
    const [one, other] = begun as [Member, Member];
    await shared(one, other);
    expect([...one.warnings, ...other.warnings]).toHaveLength(2);
  });

  it('is closed at once, and can be', async () => {
    await allKilled(cluster.nodes, async () => {
      const { cache } = memberOf({ cluster: cluster.startupNodes }, { load });
      await cache.ready();
      const began = systemClock.now();
      await cache.close();
      expect(systemClock.now() - began).toBeLessThan(1_000);
    });
  });
});

describe.each(DRIVERS)('When a primary was cut off from the others, caches by $driver', ({ load }) => {
  it('forget what was ended on the other side, and share all again', async () => {
    const slot = slotOfBucket(BUCKET);
    const [one] = (await joined(1, cluster, { load })) as [Member];
    const key = keyIn(BUCKET);
    await one.cache.set(key, 'old');
    const primary = await cluster.primaryOf(slot);
    await cluster.partition(primary);
    await cluster.successor(slot, primary);
    // It knows of the successor by the others, who know more than the one that was cut off.
    const others = cluster.startupNodes.filter(({ port }) => port !== primary.port);
    const far = memberOf({ cluster: others }, { load });
    await far.cache.ready();
    const traffic = new Traffic(far);
    await far.cache.delete(key);
    await far.cache.set(key, 'new');
    await cluster.heal();
    const healed = systemClock.now();
    let sight = '';
    await until(async () => {
      sight = String(await one.cache.get(key));
      const isLate = systemClock.now() - healed > STALE_BOUND + DETACHED_TTL;
      return isLate && sight !== 'old' ? undefined : sight;
    });
    await shared(one, far);
    await traffic.end();
    expect([traffic.failures, traffic.broken]).toEqual([[], []]);
    expect(await sightOf(one, key)).toMatch(/^(new|nothing)/);
  });
});
