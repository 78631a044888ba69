import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../../lib/core/clock.js';
import { SentinelGroup } from '../../support/redis/sentinel-group.js';
import { until } from '../../support/redis/until.js';
import { DRIVERS } from '../link-world.js';
import { expectHealth, goneOn, Traffic } from './traffic.js';
import { closeAll, DETACHED_TTL, keyIn, type Member, memberOf, shared, STALE_BOUND } from './world.js';

let group: SentinelGroup;

beforeAll(async () => {
  group = await SentinelGroup.start();
});

afterEach(async () => {
  await Traffic.endAll();
  await closeAll();
});

afterAll(() => group.stop());

async function twoThatJoined(load: () => Promise<unknown>): Promise<[Member, Member]> {
  const [one, other] = [1, 2].map(() => memberOf({ options: group.options() }, { load })) as [Member, Member];
  await Promise.all([one.cache.ready(), other.cache.ready()]);
  await shared(one, other);
  return [one, other];
}

describe.each(DRIVERS)('Two caches behind Sentinels by $driver', ({ load }) => {
  it('have nothing to complain of', async () => {
    const [one, other] = await twoThatJoined(load);
    await one.cache.invalidateTags('t');
    expect([one, other].flatMap(({ errors, warnings }) => [...errors, ...warnings])).toEqual([]);
  });

  it.each<[string, () => Promise<unknown>]>([
    ['when a Sentinel is asked for it', () => group.failover('asked')],
    [
      'when the primary is killed',
      async () => {
        const primary = await group.primary();
        await group.failover('kill');
        await group.restart(primary);
      },
    ],
  ])('go on at the replica %s', async (_when, disturb) => {
    const [one, other] = await twoThatJoined(load);
    const traffic = new Traffic(one, other);
    await goneOn(traffic, 200);
    await disturb();
    await shared(one, other);
    await expectHealth(traffic);
  });

  it('forget what was ended on the other side of a partition', async () => {
    const [one] = await twoThatJoined(load);
    const key = keyIn(0);
    await one.cache.set(key, 'old');
    const primary = await group.partition();
    await group.successor(primary);
    const far = memberOf({ options: group.options() }, { load });
    await far.cache.ready();
    const traffic = new Traffic(far);
    await far.cache.set(key, 'new');
    await group.heal();
    await shared(one, far);
    const promised = systemClock.now() + STALE_BOUND + DETACHED_TTL;
    await until(() => Promise.resolve(systemClock.now() < promised ? 'it may still be served' : undefined));
    expect(await one.cache.get(key)).not.toBe('old');
    await expectHealth(traffic);
  });
});
