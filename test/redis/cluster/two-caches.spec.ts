import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type Clock, systemClock } from '../../../lib/core/clock.js';
import { RedisCluster } from '../../support/redis/redis-cluster.js';
import { until } from '../../support/redis/until.js';
import { DRIVERS } from '../link-world.js';
import {
  allBuckets,
  bucketKeys,
  closeAll,
  joined,
  keyIn,
  type Member,
  shared,
  sightOf,
  slotOfBucket,
} from './world.js';

/** No look is due before its time is almost over: who waits for a load is woken, or waits in vain. */
const blind: Clock = {
  now: () => systemClock.now(),
  after: (ms, task) => systemClock.after([50, 100, 200, 400].includes(ms) ? 30_000 : ms, task),
};

let cluster: RedisCluster;

beforeAll(async () => {
  cluster = await RedisCluster.start();
});

afterEach(closeAll);

afterAll(() => cluster.stop());

const never = (): Promise<never> => Promise.reject(new Error('it was loaded'));

function expectNoComplaint(...members: readonly Member[]): void {
  for (const { errors, warnings } of members) expect([...errors, ...warnings]).toEqual([]);
}

describe.each(DRIVERS)('Two caches on a cluster by $driver', ({ load }) => {
  it('know what one of them has set or loaded, in each bucket', async () => {
    const [one, other] = (await joined(2, cluster, { load })) as [Member, Member];
    for (const bucket of allBuckets()) {
      const [set, loaded] = [keyIn(bucket), keyIn(bucket)];
      await one.cache.set(set, 'set');
      await one.cache.getOrSet(loaded, () => Promise.resolve('loaded'));
      expect(await other.cache.getOrSet(set, never)).toBe('set');
      await until(async () => ((await sightOf(other, loaded)) === 'nothing' ? 'it is not stored yet' : undefined));
      expect(await sightOf(other, loaded)).toBe('loaded in memory');
    }
    expectNoComplaint(one, other);
  });

  it('hear what one of them invalidates: a key, tags, or everything', async () => {
    const [one, other] = (await joined(2, cluster, { load })) as [Member, Member];
    const keys = allBuckets().map(keyIn);
    const ends: ((of: Member) => Promise<void>)[] = [
      ({ cache }) => cache.delete(...keys),
      ({ cache }) => cache.invalidateTags('t'),
      ({ cache }) => cache.clear(),
    ];
    for (const end of ends) {
      await Promise.all(keys.map((key) => one.cache.set(key, 'old', { tags: ['t'] })));
      expect(await Promise.all(keys.map((key) => other.cache.get(key)))).toEqual(keys.map(() => 'old'));
      await end(one);
      // In Redis at once, in memory when the message has come.
      expect(await Promise.all(keys.map((key) => one.cache.get(key)))).toEqual(keys.map(() => undefined));
      await until(async () => {
        const left = (await Promise.all(keys.map((key) => other.cache.get(key)))).filter(
          (value) => value !== undefined,
        );
        return left.length > 0 ? `${left.length} are left` : undefined;
      });
    }
    expectNoComplaint(one, other);
  });

  it('load once, and who waits for the other is woken', async () => {
    const [one] = (await joined(1, cluster, { load })) as [Member];
    const [other] = (await joined(1, cluster, { load, clock: blind })) as [Member];
    await Promise.all(
      allBuckets().map(async (bucket) => {
        const key = keyIn(bucket);
        let finish = (_value: string): void => undefined;
        const loads: string[] = [];
        const first = one.cache.getOrSet(key, () => {
          loads.push('one');
          return new Promise<string>((resolve) => {
            finish = resolve;
          });
        });
        await until(() => Promise.resolve(loads.length === 0 ? 'nobody loads' : undefined));
        const second = other.cache.getOrSet(key, () => {
          loads.push('other');
          return Promise.resolve('other');
        });
        // Its lease is marked by who waits for it.
        const owner = await cluster.primaryOf(slotOfBucket(bucket));
        const lease = bucketKeys(bucket).lease(`k:${key}`);
        await until(async () =>
          String(await owner.command('GET', lease)).charAt(24) === '1' ? undefined : 'nobody waits',
        );
        finish('one');
        expect(await Promise.all([first, second])).toEqual(['one', 'one']);
        expect(loads).toEqual(['one']);
      }),
    );
    expectNoComplaint(one, other);
  });

  it('have each bucket in a slot of its own, on all three primaries', async () => {
    const [one, other] = (await joined(2, cluster, { load })) as [Member, Member];
    await shared(one, other);
    for (const bucket of allBuckets())
      expect(await cluster.slotOf(bucketKeys(bucket).state)).toBe(slotOfBucket(bucket));
    const slots = allBuckets().map(slotOfBucket);
    for (const primary of await cluster.primaries()) {
      const keys = (await primary.command('KEYS', '*')) as string[];
      expect(keys.length).toBeGreaterThan(0);
      for (const key of keys) expect(slots).toContain(await cluster.slotOf(key));
      expect(String(await primary.command('INFO', 'errorstats'))).not.toContain('CROSSSLOT');
    }
    expectNoComplaint(one, other);
  });
});
