import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { SentinelGroup } from '../support/redis/sentinel-group.js';

const KEY = 'k';
let group: SentinelGroup;

beforeAll(async () => {
  group = await SentinelGroup.start();
});

afterAll(() => group.stop());

async function put(value: string): Promise<void> {
  const primary = await group.primary();
  await primary.command('SET', KEY, value);
  await primary.command('WAIT', 1, 0);
}

describe('A group of Sentinels of a test', () => {
  it('names the primary to a client', async () => {
    await put('value');
    const client = new Redis(group.options());
    expect(await client.get(KEY)).toBe('value');
    client.disconnect();
    expect(await (await group.replica()).command('GET', KEY)).toBe('value');
  });

  it('puts the replica in the place of the primary when it is asked to', async () => {
    await put('asked');
    const [primary, replica] = [await group.primary(), await group.replica()];
    expect(await group.failover('asked')).toBe(replica);
    expect(await group.replica()).toBe(primary);
    expect(await replica.command('GET', KEY)).toBe('asked');
  });

  it('replaces a primary that was killed, which comes back as a replica', async () => {
    await put('before');
    const [primary, replica] = [await group.primary(), await group.replica()];
    expect(await group.failover('kill')).toBe(replica);
    expect(await replica.command('GET', KEY)).toBe('before');
    await group.restart(primary);
    expect(await primary.command('GET', KEY)).toBe('before');
    expect(await primary.command('INFO', 'replication')).toContain('role:slave');
  });

  it('replaces a primary that is cut off, which goes on to serve until it is found again', async () => {
    await put('both');
    const replica = await group.replica();
    const primary = await group.partition();
    await primary.command('SET', KEY, 'mine');
    expect(await group.successor(primary)).toBe(replica);
    expect(await replica.command('GET', KEY)).toBe('both');
    expect(await primary.command('SET', KEY, 'still mine')).toBe('OK');
    expect(await primary.command('INFO', 'replication')).toContain('role:master');
    await group.heal();
    expect(await primary.command('GET', KEY)).toBe('both');
    await expect(primary.command('SET', KEY, 'no more')).rejects.toThrow('READONLY');
  });
});
