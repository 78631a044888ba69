import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { ClusterNode } from '../../support/redis/cluster-node.js';
import { RedisCluster } from '../../support/redis/redis-cluster.js';
import { DRIVERS } from '../link-world.js';
import { expectHealth, goneOn, Traffic } from './traffic.js';
import { bucketsAt, closeAll, joined, type Member, shared, slotOfBucket } from './world.js';

const BUCKET = 3;
let cluster: RedisCluster;
let slot: number;

beforeAll(async () => {
  cluster = await RedisCluster.start();
  slot = slotOfBucket(BUCKET);
});

afterEach(async () => {
  await Traffic.endAll();
  await closeAll();
});

afterAll(() => cluster.stop());

async function otherThan(node: ClusterNode): Promise<ClusterNode> {
  const other = (await cluster.primaries()).find((primary) => primary !== node);
  if (other === undefined) throw new Error('there is one primary alone');
  return other;
}

/** The connections that values go by. */
async function connectionsOf(node: ClusterNode): Promise<readonly string[]> {
  const clients = String(await node.command('CLIENT', 'LIST')).split('\n');
  const named = clients.filter((client) => client.includes(' name=layercache:shop:default '));
  return named.map((client) => client.slice(0, client.indexOf(' '))).sort();
}

describe.each(DRIVERS)('Two caches on a cluster by $driver go on', ({ load }) => {
  it.each<[string, () => Promise<unknown>]>([
    ['while a primary hands over', () => cluster.failover(slot, 'handover')],
    ['when a replica takes over', () => cluster.failover(slot, 'takeover')],
    [
      'when a primary is killed',
      async () => {
        const primary = await cluster.primaryOf(slot);
        await cluster.failover(slot, 'kill');
        await cluster.restart(primary);
      },
    ],
    [
      'when a primary is paused and replaced, and goes on as a replica',
      async () => {
        const primary = await cluster.primaryOf(slot);
        primary.pause();
        await cluster.successor(slot, primary);
        primary.resume();
        await cluster.settled();
      },
    ],
    ['while a slot moves', async () => cluster.moveSlot(slot, await otherThan(await cluster.primaryOf(slot)))],
    [
      'when a slot moves and comes back',
      async () => {
        const from = await cluster.primaryOf(slot);
        await cluster.moveSlot(slot, await otherThan(from));
        await cluster.moveSlot(slot, from);
      },
    ],
  ])('%s, and share all again', async (_how, disturb) => {
    const [one, other] = (await joined(2, cluster, { load })) as [Member, Member];
    await shared(one, other);
    const traffic = new Traffic(one, other);
    await goneOn(traffic, 200);
    await disturb();
    await shared(one, other);
    await expectHealth(traffic);
  });

  it('while a slot is half moved: its bucket is as in an outage, and the others are served', async () => {
    const [one, other] = (await joined(2, cluster, { load })) as [Member, Member];
    await shared(one, other);
    const traffic = new Traffic(one, other);
    const from = await cluster.primaryOf(slot);
    const before = await connectionsOf(from);
    const move = await cluster.beginMove(slot, await otherThan(from));
    try {
      const [first] = await move.keysLeft();
      await move.moveKeys(first as string);
      const others = (await bucketsAt(cluster, from)).filter((bucket) => bucket !== BUCKET);
      // Long enough for all that is done where nothing has come for too long.
      await goneOn(traffic, 600);
      await shared(one, other, others);
      expect(await connectionsOf(from)).toEqual(before);
    } finally {
      await cluster.endMove(move);
    }
    await shared(one, other);
    await expectHealth(traffic);
  });
});
