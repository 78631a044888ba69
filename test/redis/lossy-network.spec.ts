import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { build } from 'esbuild';
import { InvalidationPendingError } from '../../lib/index.js';
import { BucketKeys } from '../../lib/redis/keys.js';
import { LossyNetwork, type LossyWay, ManualClock } from '../../lib/testing/index.js';
import { RedisServer } from '../support/redis/server.js';
import { until } from '../support/redis/until.js';
import { closeAll, type Member, memberOf, type MemberParts, sightOf, STALE_BOUND } from './cluster/world.js';
import { DRIVERS } from './link-world.js';

/** What the drivers speak when nobody tells them. */
const SPEAKING = DRIVERS.map(({ driver, load }) => ({ driver, load, resp: driver === 'ioredis 5' ? 2 : 3 }));
const STATE = new BucketKeys({ prefix: 'shop', cache: 'default', bucket: 0, audience: '0' }).state;

let server: RedisServer;
let network: LossyNetwork;
let mine: LossyWay;
let others: LossyWay;

beforeAll(async () => {
  server = await RedisServer.start();
});

beforeEach(async () => {
  await server.command('FLUSHALL');
  network = new LossyNetwork(server.url);
  [mine, others] = await Promise.all([network.way(), network.way()]);
});

afterEach(async () => {
  await closeAll();
  await network.close();
});

afterAll(() => server.stop());

/** Who are connected, by numbers, of which a connection that is made anew gets another; and by what they speak. */
async function connections(): Promise<{ readonly ids: readonly string[]; readonly resp: readonly number[] }> {
  const list = String(await server.command('CLIENT', 'LIST'));
  const all = [...list.matchAll(/^id=(\d+) .* name=layercache.* resp=(\d)/gm)];
  return { ids: all.map(([, id]) => String(id)).sort(), resp: all.map(([, , resp]) => Number(resp)) };
}

async function invalidations(): Promise<number> {
  return Number(String(await server.command('GET', STATE)).split('|')[2]);
}

function seen(member: Member, sight: string): Promise<void> {
  return until(async () => {
    const now = await sightOf(member, 'key');
    return now === sight ? undefined : now;
  });
}

describe.each(SPEAKING)('Of two caches by $driver, in RESP$resp, each on its way to Redis,', ({ load, resp }) => {
  let me: Member;
  let other: Member;

  async function join(way: LossyWay, parts: MemberParts = {}): Promise<Member> {
    const member = memberOf({ url: way.url }, { load, ...parts });
    await member.cache.ready();
    return member;
  }

  /** Both hold one value in memory. */
  async function joinBoth(parts: MemberParts = {}): Promise<void> {
    [me, other] = await Promise.all([join(mine, parts), join(others)]);
    await other.cache.set('key', 'old');
    for (const member of [me, other]) await seen(member, 'old in memory');
  }

  it('one that loses a message notices within its staleBound, on the connections it has', async () => {
    const clock = new ManualClock();
    await joinBoth({ clock });
    const before = await connections();
    expect(before.resp).toEqual([resp, resp, resp, resp]);
    mine.loseMessages();
    await other.cache.set('key', 'new');
    await mine.untilLost();
    expect(await sightOf(me, 'key')).toBe('old in memory');
    // Redis has to answer meanwhile, which takes time that is not this clock's.
    for (let passed = 0; passed < STALE_BOUND; passed += 10) {
      await clock.advance(10);
      await server.command('PING');
    }
    expect(await me.cache.get('key')).toBe('new');
    await network.heal();
    await other.cache.set('key', 'newer');
    // Time stands still: a message alone can have told that.
    await seen(me, 'newer in memory');
    expect(await connections()).toEqual(before);
    expect([mine.connections, others.connections]).toEqual([2, 2]);
  });

  it('one is cut off and the other is not, until the way is healed', async () => {
    await joinBoth();
    await mine.cut();
    await expect(me.cache.delete('another')).rejects.toThrow(InvalidationPendingError);
    await other.cache.set('key', 'new');
    expect(await sightOf(other, 'key')).toBe('new in memory');
    expect([mine.connections, others.connections]).toEqual([0, 2]);
    await mine.heal();
    await seen(me, 'new in memory');
    expect(other.errors).toEqual([]);
  });

  it('one whose requests are lost tells later what it invalidated', async () => {
    await joinBoth();
    others.loseRequests();
    await expect(other.cache.delete('key')).rejects.toThrow(InvalidationPendingError);
    expect(await sightOf(me, 'key')).toBe('old in memory');
    await others.heal();
    await seen(me, 'nothing');
  });

  it('one whose replies are lost invalidates all the same, and tells it again later', async () => {
    await joinBoth();
    const before = await invalidations();
    others.loseReplies();
    await expect(other.cache.delete('key')).rejects.toThrow(InvalidationPendingError);
    await seen(me, 'nothing');
    const told = await invalidations();
    expect(told).toBeGreaterThan(before);
    await others.heal();
    await until(async () => ((await invalidations()) > told ? undefined : 'it is not told again'));
  });
});

const PROGRAM = `
import { once } from 'node:events';
import { connect } from 'node:net';
import { LossyNetwork } from './lib/testing/network/lossy-network.ts';

const network = new LossyNetwork(process.env.REDIS_URL);
const ways = await Promise.all([1, 2, 3].map(() => network.way()));
const sockets = ways.map(({ port, host }) => connect(port, host).on('error', () => undefined));
await Promise.all(sockets.map((socket) => once(socket, 'connect')));
ways[0].delay(3_600_000);
ways[1].mute();
for (const socket of sockets) socket.write('PING\\r\\n');
await Promise.all([ways[1].untilLost(), once(sockets[2], 'data')]);
await ways[2].cut();
await network.close();
console.log('done');
`;

describe('A process with a network', () => {
  it('ends once that is closed', async () => {
    const { outputFiles } = await build({
      stdin: { contents: PROGRAM, resolveDir: fileURLToPath(new URL('../..', import.meta.url)), loader: 'ts' },
      bundle: true,
      write: false,
      platform: 'node',
      format: 'esm',
    });
    const { status, stdout } = spawnSync(process.execPath, ['--input-type=module'], {
      input: outputFiles[0]?.text,
      env: { ...process.env, REDIS_URL: server.url },
      timeout: 20_000,
      encoding: 'utf8',
    });
    expect({ status, stdout }).toEqual({ status: 0, stdout: 'done\n' });
  });
});
