import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { BucketKeys } from '../../lib/redis/keys.js';
import { isScriptClient, ScriptRunner } from '../../lib/redis/scripts.js';
import { SharedScripts } from '../../lib/redis/shared-scripts.js';
import { RedisServer } from '../support/redis/server.js';

const KEYS = new BucketKeys({ prefix: 'app', cache: 'default', bucket: 0, audience: '0' });
const TOKEN = 'T'.repeat(24);
const PARTS = {
  head: Buffer.from('headSTAMPSTAMPST'),
  tail: Uint8Array.of(0, 255, 10),
  ttlMs: 60_000,
  tagTtlMs: 90_000,
};
const LEASE = { leaseMs: 5_000, tagTtlMs: 90_000, seen: '' };
/** All that a user of the cache needs: the scripts, what they call, and reading. */
const NARROW =
  'app on >secret resetkeys ~lc1:* resetchannels &lc1:* -@all ' +
  '+evalsha +eval +get +mget +getrange +set +setrange +del +pttl +pexpire +time +info +publish +subscribe';

let server: RedisServer;
let client: Redis;
let scripts: SharedScripts;
let drawn = 0;

function scriptsOn(redis: object): SharedScripts {
  if (!isScriptClient(redis)) throw new TypeError('not a client');
  return new SharedScripts(new ScriptRunner(redis), KEYS, () => String(drawn++).padStart(15, 'n'));
}

async function won(key: string, tags: readonly string[], token = TOKEN) {
  const acquired = await scripts.acquire({ key, tags, token, ...LEASE });
  if (acquired.kind !== 'won') throw new Error(`not won: ${acquired.kind}`);
  return acquired;
}

beforeAll(async () => {
  server = await RedisServer.start({ maxmemoryPolicy: 'noeviction', users: ['default on nopass ~* &* +@all', NARROW] });
  client = new Redis(server.port);
  scripts = scriptsOn(client);
});

beforeEach(async () => {
  await client.flushall();
  await scripts.fence();
});

afterAll(async () => {
  client.disconnect();
  await server.stop();
});

describe('The scripts of the shared tier', () => {
  it('keep an entry byte for byte, with the versions between its head and its tail', async () => {
    const acquired = await won('key', ['declared']);
    const stored = await scripts.store({
      ...PARTS,
      key: 'key',
      token: TOKEN,
      tags: ['declared'],
      lateTags: ['late'],
      acquired,
    });
    const { entry, state, tags } = await scripts.read('key', ['declared', 'late']);
    const versions = [state?.epoch, ...tags.map((tag) => tag?.version)];
    expect(stored).toMatchObject({ kind: 'stored', versions });
    expect(entry).toEqual(Buffer.concat([PARTS.head, Buffer.from(versions.join('')), PARTS.tail]));
  });

  it('make versions of 16 digits of their own time and 15 characters of the nonce', async () => {
    const before = await scripts.heartbeat();
    const { epoch } = await scripts.clear();
    expect(epoch).toMatch(/^\d{16}-n*\d+$/);
    expect(epoch).toHaveLength(32);
    expect(Number(epoch.slice(0, 16))).toBeGreaterThanOrEqual(before.micros);
  });

  it('let every tag of an entry outlive it', async () => {
    const acquired = await won('key', ['declared']);
    await scripts.store({
      ...PARTS,
      key: 'key',
      token: TOKEN,
      tags: ['declared'],
      lateTags: ['late'],
      acquired,
      ttlMs: 500_000,
      tagTtlMs: 600_000,
    });
    expect(await client.pttl(KEYS.tag('k:declared'))).toBeGreaterThan(500_000);
    expect(await client.pttl(KEYS.tag('k:late'))).toBeGreaterThan(500_000);
  });

  it('count exactly beyond what a double prints', async () => {
    const version = `${'1'.repeat(16)}-${'v'.repeat(15)}`;
    await client.set(KEYS.state, `${version}|${version}|99999999999997`);
    expect(await scripts.invalidateKey('key')).toMatchObject({ n: 99_999_999_999_998 });
  });

  it('work under an ACL of nothing but what they call', async () => {
    const narrow = new Redis(server.port, {
      ...{ username: 'app', password: 'secret', enableReadyCheck: false, disableClientInfo: true },
      ...{ autoResendUnfulfilledCommands: false },
    });
    try {
      const mine = scriptsOn(narrow);
      await mine.fence();
      const acquired = await mine.acquire({ key: 'key', tags: ['tag'], token: TOKEN, ...LEASE });
      if (acquired.kind !== 'won') throw new Error('not won');
      expect(await mine.acquire({ key: 'key', tags: ['tag'], token: 'U'.repeat(24), ...LEASE })).toMatchObject({
        kind: 'busy',
      });
      expect(await mine.renew('key', TOKEN, 5_000)).toBe(true);
      const stored = await mine.store({
        ...PARTS,
        key: 'key',
        token: TOKEN,
        tags: ['tag'],
        lateTags: ['late'],
        acquired,
      });
      expect(stored).toMatchObject({ kind: 'stored' });
      expect(await mine.acquire({ key: 'key', tags: [], token: TOKEN, ...LEASE })).toMatchObject({ kind: 'entry' });
      expect(await mine.release('key', TOKEN, 'failed')).toBe(false);
      await mine.invalidateTags(['tag', 'late'], 90_000);
      await mine.invalidateKey('key');
      await mine.clear();
      expect((await mine.heartbeat()).state).toMatchObject({ n: 4 });
    } finally {
      narrow.disconnect();
    }
  });
});

describe('On a server at maxmemory that evicts nothing', () => {
  const whileFull = async <T>(task: () => Promise<T>): Promise<T> => {
    await client.config('SET', 'maxmemory', '1');
    try {
      return await task();
    } finally {
      await client.config('SET', 'maxmemory', '0');
    }
  };

  it('everything can be invalidated', async () => {
    const before = await won('key', ['tag']);
    const after = await whileFull(async () => [
      await scripts.invalidateKey('key'),
      await scripts.invalidateTags(['tag', 'unheard of'], 90_000),
      await scripts.clear(),
    ]);
    expect(after.map(({ n }) => n)).toEqual([1, 3, 4]);
    expect((await scripts.read('key', ['tag'])).tags[0]?.version).not.toBe(before.tags[0]?.version);
  });

  it('the fence still makes a new epoch, and the heart still beats', async () => {
    await client.set(KEYS.server, 'another');
    const { made, beat } = await whileFull(async () => ({
      ...(await scripts.fence()),
      beat: await scripts.heartbeat(),
    }));
    expect(made).toBe(true);
    expect(beat.state).toBeDefined();
  });

  it('neither lease nor entry is written, and a lease is still released', async () => {
    const acquired = await won('key', []);
    const [store, acquire, release] = await whileFull(() =>
      Promise.allSettled([
        scripts.store({ ...PARTS, key: 'key', token: TOKEN, tags: [], lateTags: ['late'], acquired }),
        scripts.acquire({ key: 'other', tags: ['tag'], token: TOKEN, ...LEASE }),
        scripts.release('key', TOKEN, 'nothing'),
      ]),
    );
    expect(store).toMatchObject({ status: 'rejected', reason: { message: expect.stringMatching(/^OOM/) } });
    expect(acquire).toMatchObject({ status: 'rejected', reason: { message: expect.stringMatching(/^OOM/) } });
    expect(release).toEqual({ status: 'fulfilled', value: true });
    expect(await client.keys('*')).toEqual(
      expect.not.arrayContaining([KEYS.entry('k:key'), KEYS.tag('k:late'), KEYS.tag('k:tag')]),
    );
  });
});

describe('Keys of ours that hold something else', () => {
  it('count as absent, and are written over', async () => {
    const { state, server: marker } = KEYS;
    for (const key of [state, marker, KEYS.entry('k:key'), KEYS.lease('k:key'), KEYS.tag('k:tag')]) {
      await client.del(key);
      await client.lpush(key, 'not ours');
    }
    expect(await scripts.acquire({ key: 'key', tags: ['tag'], token: TOKEN, ...LEASE })).toEqual({ kind: 'no state' });
    expect((await scripts.fence()).made).toBe(true);
    const acquired = await won('key', ['tag']);
    const stored = await scripts.store({ ...PARTS, key: 'key', token: TOKEN, tags: ['tag'], lateTags: [], acquired });
    expect(stored).toMatchObject({ kind: 'stored' });
  });
});
