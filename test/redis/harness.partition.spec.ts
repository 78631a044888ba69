import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { RedisCluster } from '../support/redis/redis-cluster.js';

const KEY = 'k';
let cluster: RedisCluster;
let slot: number;

beforeEach(async () => {
  cluster = await RedisCluster.start({ partitionable: true });
  slot = await cluster.slotOf(KEY);
});

afterEach(() => cluster.stop());

describe('A primary that is cut off from its cluster', () => {
  it('goes on to serve its clients while it is replaced, and gives way once it is found again', async () => {
    const [primary, replica] = [await cluster.primaryOf(slot), await cluster.replicaOf(slot)];
    const client = new Redis(primary.port, primary.host);
    await client.set(KEY, 'both');
    await client.wait(1, 0);

    await cluster.partition(primary);
    await client.set(KEY, 'mine');
    expect(await primary.command('INFO', 'replication')).toContain('connected_slaves:0');
    expect(await cluster.successor(slot, primary)).toBe(replica);
    expect(await replica.command('GET', KEY)).toBe('both');
    expect(await client.get(KEY)).toBe('mine');
    expect(await client.set(KEY, 'still mine')).toBe('OK');
    expect(await primary.command('CLUSTER', 'INFO')).toContain('cluster_state:ok');

    await cluster.heal();
    expect(await cluster.replicaOf(slot)).toBe(primary);
    await expect(client.get(KEY)).rejects.toThrow(`MOVED ${slot} 127.0.0.1:${replica.port}`);
    expect(await client.readonly()).toBe('OK');
    expect(await client.get(KEY)).toBe('both');
    client.disconnect();
  });

  it('may be its replica, which is out of date until it is found again', async () => {
    const [primary, replica] = [await cluster.primaryOf(slot), await cluster.replicaOf(slot)];
    await cluster.partition(replica);
    await primary.command('SET', KEY, 'missed');
    expect(await replica.command('DBSIZE')).toBe(0);
    await cluster.heal();
    expect(await cluster.primaryOf(slot)).toBe(primary);
    await primary.command('WAIT', 1, 0);
    expect(await replica.command('DBSIZE')).toBe(1);
  });
});
