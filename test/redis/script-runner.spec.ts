import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { isScriptClient, ScriptRunner, scriptOf } from '../../lib/redis/scripts.js';
import { RedisServer } from '../support/redis/server.js';

const HEARTBEAT = { script: 'heartbeat', keys: ['lc1:{a:b:0}:0', 'lc1:{a:b:0}:s'], args: [] } as const;

let server: RedisServer;
const opened: Redis[] = [];

/** A client, a runner on it, and how often each command reached the server since. */
async function connect(options: { enableAutoPipelining?: boolean } = {}) {
  const client = new Redis(server.port, options);
  opened.push(client);
  if (!isScriptClient(client)) throw new TypeError('not a client');
  await client.config('RESETSTAT');
  const sent = async (command: string): Promise<number> =>
    Number(new RegExp(`cmdstat_${command}:calls=(\\d+)`).exec(await client.info('commandstats'))?.[1] ?? 0);
  return { client, runner: new ScriptRunner(client), sent };
}

beforeAll(async () => {
  server = await RedisServer.start();
});

beforeEach(async () => {
  await server.command('SCRIPT', 'FLUSH');
});

afterEach(() => {
  for (const client of opened.splice(0)) client.disconnect();
});

afterAll(() => server.stop());

describe('A script runner', () => {
  it('brings the text of a script once and then only its digest', async () => {
    const { runner, sent } = await connect();
    for (let time = 0; time < 5; time++) await runner.run(HEARTBEAT);
    expect(await sent('eval')).toBe(1);
    expect(await sent('evalsha')).toBe(4);
  });

  it.each([{ enableAutoPipelining: true }, { enableAutoPipelining: false }])(
    'brings it once for a hundred callers at once, with %j',
    async (options) => {
      const { runner, sent } = await connect(options);
      const replies = await Promise.all(Array.from({ length: 100 }, () => runner.run(HEARTBEAT)));
      expect(replies.every((reply) => Array.isArray(reply) && reply.length === 2)).toBe(true);
      expect(await sent('eval')).toBe(1);
    },
  );

  it('brings it again to a server that has forgotten it', async () => {
    const { client, runner, sent } = await connect({ enableAutoPipelining: true });
    await runner.run(HEARTBEAT);
    await client.script('FLUSH');
    await Promise.all(Array.from({ length: 10 }, () => runner.run(HEARTBEAT)));
    expect(await sent('eval')).toBe(2);
  });

  it('runs each call exactly once, whether its script was known or not', async () => {
    const { client, runner } = await connect({ enableAutoPipelining: true });
    const call = (number: number) => ({
      script: 'invalidate-key' as const,
      keys: ['lc1:{a:b:0}:e:k', 'lc1:{a:b:0}:l:k', 'lc1:{a:b:0}:s', 'lc1:{a:b:0}:v:k'],
      args: [String(number).padStart(15, '0'), 'lc1:{a:b:0}:inv@0', 'k:k'],
    });
    await Promise.all(Array.from({ length: 50 }, (_, number) => runner.run(call(number))));
    expect(await client.get('lc1:{a:b:0}:s')).toMatch(/\|50$/);
  });

  it('passes on what a script complains of', async () => {
    const { client, runner } = await connect();
    await client.acl('SETUSER', 'default', '-publish');
    try {
      await expect(
        runner.run({ script: 'clear', keys: ['lc1:{a:b:0}:s'], args: ['n'.repeat(15), 'lc1:{a:b:0}:inv@0'] }),
      ).rejects.toThrow(/^ERR The user|NOPERM/);
    } finally {
      await client.acl('SETUSER', 'default', '+publish');
    }
  });

  it('knows the digest before the server does', async () => {
    const { client } = await connect();
    const { text, sha } = scriptOf('acquire');
    expect(await client.script('LOAD', text)).toBe(sha);
  });
});
