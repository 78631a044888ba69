import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { BucketKeys } from '../../lib/redis/keys.js';
import { isScriptClient, ScriptRunner } from '../../lib/redis/scripts.js';
import { SharedScripts } from '../../lib/redis/shared-scripts.js';
import { RedisServer } from '../support/redis/server.js';

const KEYS = new BucketKeys({ prefix: 'app', cache: 'default', bucket: 0, audience: '0' });
const TOKEN = 'T'.repeat(24);
const VALUE = { head: Buffer.from('headSTAMPSTAMPST'), tail: Buffer.from('old'), ttlMs: 600_000, tagTtlMs: 900_000 };

let first: RedisServer;
let second: RedisServer;
let client: Redis;
let scripts: SharedScripts;
let drawn = 0;

beforeAll(async () => {
  const args = ['--repl-diskless-sync-delay', '0'];
  [first, second] = await Promise.all([RedisServer.start({ args }), RedisServer.start({ args })]);
  client = new Redis(first.port);
  if (!isScriptClient(client)) throw new TypeError('not a client');
  scripts = new SharedScripts(new ScriptRunner(client), KEYS, () => String(drawn++).padStart(15, 'n'));
});

afterAll(async () => {
  client.disconnect();
  await Promise.all([first.stop(), second.stop()]);
});

async function follow(server: RedisServer, primary: RedisServer): Promise<void> {
  await server.command('REPLICAOF', '127.0.0.1', String(primary.port));
  while (!String(await server.command('INFO', 'replication')).includes('master_link_status:up'));
}

async function storeOld(): Promise<void> {
  const wish = { key: 'key', tags: [], token: TOKEN, seen: '', leaseMs: 60_000, tagTtlMs: 900_000 };
  const acquired = await scripts.acquire(wish);
  if (acquired.kind !== 'won') throw new Error(acquired.kind);
  await scripts.store({ ...VALUE, key: 'key', token: TOKEN, tags: [], lateTags: [], acquired });
}

describe('The fence', () => {
  it('notices that a primary was another one’s replica meanwhile, and lost what it had acknowledged', async () => {
    await follow(second, first);
    await scripts.fence();
    await storeOld();
    while ((await second.command('EXISTS', KEYS.entry('k:key'))) !== 1);
    await second.command('REPLICAOF', 'NO', 'ONE');
    await scripts.invalidateKey('key');
    await follow(first, second);
    await first.command('REPLICAOF', 'NO', 'ONE');
    const revived = await scripts.read('key', []);
    expect(revived.entry?.toString('latin1', 16, 48)).toBe(revived.state?.epoch);
    const { made, state } = await scripts.fence();
    expect(made).toBe(true);
    expect(revived.entry?.toString('latin1', 16, 48)).not.toBe(state.epoch);
  });

  it('does not let through a replica, which has a state and cannot be written to', async () => {
    await follow(first, second);
    await expect(scripts.fence()).rejects.toThrow(/READONLY/);
    await expect(scripts.heartbeat()).rejects.toThrow(/READONLY/);
  });
});
