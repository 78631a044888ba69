import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { BucketKeys } from '../../lib/redis/keys.js';
import { isScriptClient, type ScriptCall, ScriptRunner } from '../../lib/redis/scripts.js';
import { type Acquired, SharedScripts } from '../../lib/redis/shared-scripts.js';
import { RedisServer } from '../support/redis/server.js';

type Won = Extract<Acquired, { kind: 'won' }>;

const KEYS = new BucketKeys({ prefix: 'app', cache: 'default', bucket: 0, audience: '0' });
const [MINE, OTHERS] = ['M'.repeat(24), 'O'.repeat(24)] as const;
const TTL = { ttlMs: 60_000, tagTtlMs: 90_000 };

let server: RedisServer;
let client: Redis;
let listener: Redis;
let scripts: SharedScripts;
let calls: ScriptCall[] = [];
let again: (call: ScriptCall | undefined) => Promise<unknown>;
let messages: string[] = [];
let drawn = 0;

beforeAll(async () => {
  server = await RedisServer.start();
  client = new Redis(server.port);
  listener = new Redis(server.port);
  if (!isScriptClient(client)) throw new TypeError('not a client');
  const runner = new ScriptRunner(client);
  const port = {
    mget: (keys: readonly string[]) => runner.mget(keys),
    run: (call: ScriptCall) => {
      calls.push(call);
      return runner.run(call);
    },
  };
  again = async (call) => (call === undefined ? undefined : runner.run(call));
  scripts = new SharedScripts(port, KEYS, () => String(drawn++).padStart(15, 'n'));
  listener.on('message', (_channel: string, message: string) => messages.push(message));
  await listener.subscribe(KEYS.invalidations, KEYS.wakes);
});

beforeEach(async () => {
  await client.flushall();
  await scripts.fence();
  await heard();
  [calls, messages] = [[], []];
});

afterAll(async () => {
  client.disconnect();
  listener.disconnect();
  await server.stop();
});

/** All that was published before; a publication is delivered before the reply to what is asked later. */
async function heard(): Promise<readonly string[]> {
  await listener.subscribe(KEYS.wakes);
  return messages;
}

function acquire(tags: readonly string[], token: string = MINE): Promise<Acquired> {
  return scripts.acquire({ key: 'key', tags, token, seen: '', leaseMs: 5_000, tagTtlMs: 90_000 });
}

async function won(tags: readonly string[] = [], token: string = MINE): Promise<Won> {
  const acquired = await acquire(tags, token);
  if (acquired.kind !== 'won') throw new Error(acquired.kind);
  return acquired;
}

async function store(acquired: Won, tags: readonly string[] = [], lateTags: readonly string[] = []): Promise<string> {
  const parts = { head: Buffer.from('headSTAMPSTAMPST'), tail: Buffer.from('value'), ...TTL };
  const stored = await scripts.store({ key: 'key', token: MINE, tags, lateTags, acquired, ...parts });
  return stored.kind === 'stored' ? 'stored' : stored.reason;
}

describe('A load', () => {
  it('is not stored after its key was invalidated, even if its acquire is delivered a second time', async () => {
    const acquired = await won();
    await scripts.invalidateKey('key');
    await again(calls[0]);
    expect(await store(acquired)).toBe('LEASE');
  });

  it.each([
    ['one of its tags was invalidated', () => scripts.invalidateTags(['tag'], 90_000), 'VERSION'],
    ['the record of one of its tags was evicted', () => client.del(KEYS.tag('k:tag')), 'VERSION'],
    ['all was cleared', () => scripts.clear(), 'EPOCH'],
    ['the state was evicted', () => client.del(KEYS.state), 'EPOCH'],
    ['the server turned out to be another', () => client.set(KEYS.server, 'x').then(() => scripts.fence()), 'EPOCH'],
    ['its lease ended', () => client.del(KEYS.lease('k:key')), 'LEASE'],
    ['its lease ended and another has it', () => client.del(KEYS.lease('k:key')).then(() => won([], OTHERS)), 'LEASE'],
  ])('is not stored after %s', async (_what, happen, reason) => {
    const acquired = await won(['tag']);
    await happen();
    expect(await store(acquired, ['tag'])).toBe(reason);
  });

  it('does not begin where another entry lies than the one that was seen', async () => {
    await store(await won(['tag']), ['tag']);
    expect(await acquire(['tag'], OTHERS)).toMatchObject({ kind: 'entry', tags: [{ n: 0 }] });
    expect(await client.exists(KEYS.lease('k:key'))).toBe(0);
  });

  it('does not begin without a state', async () => {
    await client.del(KEYS.state);
    expect(await acquire([])).toEqual({ kind: 'no state' });
  });
});

describe('A tag known only from the result', () => {
  it('lets the result in if it was last invalidated before the load began', async () => {
    await scripts.invalidateTags(['late'], 90_000);
    expect(await store(await won(), [], ['late'])).toBe('stored');
  });

  it('keeps it out if it was invalidated since, also if its record is lost, and also if it was made anew', async () => {
    for (const lose of [() => Promise.resolve(), () => client.del(KEYS.tag('k:late')), () => relay()]) {
      const acquired = await won();
      await scripts.invalidateTags(['late'], 90_000);
      await lose();
      expect(await store(acquired, [], ['late'])).toBe('DYNAMIC');
    }
    async function relay(): Promise<void> {
      await client.del(KEYS.tag('k:late'));
      await scripts.acquire({
        key: 'other',
        tags: ['late'],
        token: OTHERS,
        seen: '',
        leaseMs: 5_000,
        tagTtlMs: 90_000,
      });
    }
  });

  it('lets in the next one after one was kept out for want of a record', async () => {
    const first = await won();
    await scripts.invalidateKey('another');
    expect(await store(first, [], ['late'])).toBe('DYNAMIC');
    const second = await won();
    await scripts.invalidateKey('another');
    expect(await store(second, [], ['late'])).toBe('stored');
  });

  it('lets results in again after a new stream began, whose numbers are lower', async () => {
    await scripts.invalidateTags(['a', 'b', 'c', 'late'], 90_000);
    await client.del(KEYS.state);
    await scripts.fence();
    expect(await store(await won(), [], ['late'])).toBe('stored');
  });
});

describe('Who waits for a load', () => {
  it('is woken when it is stored, when it is refused and when it is given up', async () => {
    const first = await won();
    expect(await acquire([], OTHERS)).toMatchObject({ kind: 'busy' });
    await store(first);
    await client.del(KEYS.entry('k:key'));
    const second = await won();
    await acquire([], OTHERS);
    await scripts.clear();
    await store(second);
    await won();
    await acquire([], OTHERS);
    await scripts.release('key', MINE, 'nothing');
    const wakes = (await heard()).filter((message) => message.startsWith('1|w|'));
    expect(wakes).toEqual(['1|w|stored|k:key', '1|w|refused|k:key', '1|w|nothing|k:key']);
  });

  it('is, if he is nobody, not told', async () => {
    await store(await won());
    expect(await heard()).toEqual([]);
  });

  it('is told how long at most', async () => {
    await won();
    const busy = await acquire([], OTHERS);
    expect(busy.kind === 'busy' && busy.leftMs > 4_000 && busy.leftMs <= 5_000).toBe(true);
  });
});

describe('An invalidation', () => {
  it('that finds no state begins a new stream and revives nothing', async () => {
    await store(await won());
    const { state: before } = await scripts.read('key', []);
    await client.del(KEYS.state);
    const after = await scripts.invalidateTags(['tag'], 90_000);
    expect(after).toMatchObject({ n: 1 });
    expect(after.epoch).not.toBe(before?.epoch);
    expect(await heard()).toEqual([
      expect.stringMatching(new RegExp(`^1\\|t\\|${after.sid}\\|1\\|[\\w-]{15}\\|k:tag$`)),
    ]);
  });

  it('delivered twice is two, and no version comes back', async () => {
    await scripts.invalidateTags(['tag'], 90_000);
    const first = await scripts.read('key', ['tag']);
    await again(calls[0]);
    const second = await scripts.read('key', ['tag']);
    expect(second.tags[0]?.n).toBe(2);
    expect(second.tags[0]?.version).not.toBe(first.tags[0]?.version);
  });

  it('of several tags gives each a number of its own', async () => {
    const { sid, n } = await scripts.invalidateTags(['a', 'b', 'c c'], 90_000);
    expect(n).toBe(3);
    expect((await heard()).map((text) => text.replace(/\|[\w-]{15}\|/, '|'))).toEqual([
      `1|t|${sid}|1|k:a`,
      `1|t|${sid}|2|k:b`,
      expect.stringMatching(/\|3\|h:[\w-]{43}$/),
    ]);
  });

  it('of everything keeps the stream', async () => {
    const { state } = await scripts.fence();
    const cleared = await scripts.clear();
    expect(cleared).toMatchObject({ sid: state.sid, n: 1 });
    expect(cleared.epoch).not.toBe(state.epoch);
  });
});

describe('The fence', () => {
  it('stands as long as the server is the same and its state is there', async () => {
    const { state, server: which } = await scripts.fence();
    expect(await scripts.fence()).toEqual({ made: false, state, server: which });
    expect(await client.info('server')).toContain(`run_id:${which.slice(0, 40)}`);
  });

  it('makes another epoch and stream where a dump of another server lies', async () => {
    const { state } = await scripts.fence();
    await client.set(KEYS.server, 'another');
    const fence = await scripts.fence();
    expect(fence.made).toBe(true);
    expect([fence.state.epoch, fence.state.sid]).not.toContain(state.epoch);
  });

  it('tells nobody: what lies elsewhere, and what is loaded for that, is as good as before', async () => {
    await client.del(KEYS.state);
    expect((await scripts.fence()).made).toBe(true);
    expect(await heard()).toEqual([]);
  });
});
