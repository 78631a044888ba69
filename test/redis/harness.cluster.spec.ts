import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Cluster } from 'ioredis';
import { RedisCluster } from '../support/redis/redis-cluster.js';

const KEY = 'k';
let cluster: RedisCluster;
let slot: number;

beforeAll(async () => {
  cluster = await RedisCluster.start();
  slot = await cluster.slotOf(KEY);
});

afterAll(() => cluster.stop());

/** Whatever went before, each node runs and has its place. */
async function put(value: string): Promise<void> {
  const primary = await cluster.primaryOf(slot);
  await primary.command('SET', KEY, value);
  await primary.command('WAIT', 1, 0);
}

describe('A Redis cluster of a test', () => {
  it('has a primary and a replica for each of three shares of the slots', async () => {
    expect(cluster.nodes).toHaveLength(6);
    expect(await cluster.primaries()).toHaveLength(3);
    for (const first of [0, 5_461, 10_922]) {
      const [primary, replica] = [await cluster.primaryOf(first), await cluster.replicaOf(first)];
      expect(replica).not.toBe(primary);
      expect((await replica.itself()).primary).toBe(primary.id);
    }
    expect(await cluster.primaryOf(5_460)).toBe(await cluster.primaryOf(0));
    expect(await cluster.primaryOf(16_383)).toBe(await cluster.primaryOf(10_922));
  });

  it('serves a client of clusters', async () => {
    const client = new Cluster(cluster.startupNodes);
    await Promise.all(['a', 'b', 'c', 'd'].map((key) => client.set(key, `${key}'s`)));
    expect(await Promise.all(['a', 'b', 'c', 'd'].map((key) => client.get(key)))).toEqual(["a's", "b's", "c's", "d's"]);
    client.disconnect();
  });

  it.each(['handover', 'takeover'] as const)(
    'keeps its values in a %s, after which the two have changed places',
    async (how) => {
      await put(how);
      const [primary, replica] = [await cluster.primaryOf(slot), await cluster.replicaOf(slot)];
      expect(await cluster.failover(slot, how)).toBe(replica);
      expect(await cluster.replicaOf(slot)).toBe(primary);
      expect(await replica.command('GET', KEY)).toBe(how);
    },
  );

  it('can be handed over to a node that was elected just before', async () => {
    const replica = await cluster.replicaOf(slot);
    expect(await cluster.failover(slot, 'handover')).toBe(replica);
  });

  it('replaces a primary that was killed, which comes back as a replica', async () => {
    await put('before');
    const [primary, replica] = [await cluster.primaryOf(slot), await cluster.replicaOf(slot)];
    expect(await cluster.failover(slot, 'kill')).toBe(replica);
    expect(primary.awake).toBe(false);
    expect(await replica.command('GET', KEY)).toBe('before');
    await cluster.restart(primary);
    expect(await cluster.replicaOf(slot)).toBe(primary);
  });

  it('replaces a primary that is paused, which becomes a replica when it goes on', async () => {
    const [primary, replica] = [await cluster.primaryOf(slot), await cluster.replicaOf(slot)];
    primary.pause();
    expect(await cluster.successor(slot, primary)).toBe(replica);
    primary.resume();
    await cluster.settled();
    expect(await cluster.replicaOf(slot)).toBe(primary);
  });

  it('moves a slot with all its keys', async () => {
    const from = await cluster.primaryOf(slot);
    const to = await otherThan(from.id);
    const keys = Array.from({ length: 250 }, (_, index) => `{${KEY}}:${index}`);
    for (const key of keys) await from.command('SET', key, 'moved');
    await cluster.moveSlot(slot, to);
    expect(await cluster.primaryOf(slot)).toBe(to);
    expect(await to.command('CLUSTER', 'COUNTKEYSINSLOT', slot)).toBeGreaterThanOrEqual(keys.length);
    await expect(from.command('GET', KEY)).rejects.toThrow(`MOVED ${slot} 127.0.0.1:${to.port}`);
    await expect((await cluster.replicaOf(slot)).command('GET', KEY)).rejects.toThrow('MOVED');
  });

  it('leaves a slot between two primaries until it is told to end the move', async () => {
    const [gone, stays] = [`{${KEY}}:gone`, `{${KEY}}:stays`];
    const from = await cluster.primaryOf(slot);
    for (const key of [gone, stays]) await from.command('SET', key, 'value');
    const move = await cluster.beginMove(slot, await otherThan(from.id));
    await move.moveKeys(gone);
    expect(await from.command('GET', stays)).toBe('value');
    await expect(from.command('GET', gone)).rejects.toThrow(`ASK ${slot} 127.0.0.1:${move.to.port}`);
    await expect(move.to.command('GET', gone)).rejects.toThrow('MOVED');
    await expect(from.command('MGET', gone, stays)).rejects.toThrow('TRYAGAIN');
    expect(await move.keysLeft()).toContain(stays);
    await cluster.endMove(move);
    expect(await move.to.command('MGET', gone, stays)).toEqual(['value', 'value']);
  });

  it('says aloud that it was not started for partitions', async () => {
    await expect(cluster.partition(await cluster.primaryOf(slot))).rejects.toThrow('partitionable');
  });
});

async function otherThan(id: string) {
  const other = (await cluster.primaries()).find((node) => node.id !== id);
  if (other === undefined) throw new Error('there is one primary alone');
  return other;
}
