import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Disturbance } from '../redis/processes/history.js';
import type { Argument } from '../support/redis/resp.js';
import type { RedisServer } from '../support/redis/server.js';
import { during, type FaultKind, pause } from './fault.js';

const POLICIES = [
  'allkeys-lru',
  'allkeys-lfu',
  'allkeys-random',
  'volatile-lru',
  'volatile-lfu',
  'volatile-random',
  'volatile-ttl',
] as const;
const USUAL = [60, 700, 1_500] as const;
const ASK_EVERY = 10;
/** Keys of somebody else, which make loading the dump take long. */
const STRANGERS = 2_000;
const PER_STRANGER = 350;
const FILL = `for i = 1, ${STRANGERS} do redis.call('SET', 'other:' .. i, string.rep('x', 100)) end`;
const EMPTY = `for i = 1, ${STRANGERS} do redis.call('DEL', 'other:' .. i) end`;
/** A share of our own keys, by the digest of their names, becomes something else; but for what a move of its slot has left behind. */
const OURS = `
for _, key in ipairs(redis.call('KEYS', 'lc1:*')) do
  if tonumber(string.sub(redis.sha1hex(key .. ARGV[1]), 1, 2), 16) < ARGV[2] * 256 then
    redis.pcall('DEL', key)
    if ARGV[3] == 'list' then redis.pcall('LPUSH', key, 'not ours') end
    if ARGV[3] == 'text' then redis.pcall('SET', key, redis.sha1hex(key)) end
  end
end`;

/** A Redis, be it by itself or one of many. */
export type Victim = Pick<RedisServer, 'command' | 'data' | 'kill' | 'pause' | 'restart' | 'resume'>;

/** What can befall one Redis. */
export function serverFaults(server: Victim): readonly FaultKind[] {
  const set = (name: string, value: string): Promise<unknown> => server.command('CONFIG', 'SET', name, value);
  const isSo = async (section: string, what: RegExp): Promise<boolean> =>
    what.test(String(await server.command('INFO', section)));
  const until = async (section: string, what: RegExp): Promise<void> => {
    while (!(await isSo(section, what))) await pause(ASK_EVERY);
  };
  const dump = join(server.data, 'dump.rdb');
  const fault = (
    name: string,
    { of, weight = 1 }: { of?: Disturbance['of'] | undefined; weight?: number },
    task: (draw: { ms: number; share: number }) => Promise<unknown>,
    lengths: FaultKind['lengths'] = USUAL,
  ): FaultKind => ({
    ...{ name, aim: 'redis', weight, lengths },
    run: async (scene, draw) => {
      if (of === undefined) await task(draw);
      else await during(scene, { of }, () => task(draw));
    },
  });
  /** Something is said to the server, and taken back after a while. */
  const spell = (
    name: string,
    of: Disturbance['of'],
    begin: readonly (readonly Argument[])[],
    end: readonly (readonly Argument[])[],
  ): FaultKind =>
    fault(name, { of }, async ({ ms }) => {
      for (const command of begin) await server.command(...command);
      await pause(ms);
      for (const command of end) await server.command(...command);
    });
  const word = (name: string, of: Disturbance['of'] | undefined, ...command: readonly Argument[]): FaultKind => ({
    ...fault(name, { of }, () => server.command(...command)),
    lengths: [0, 0, 0],
  });
  const spoiled = (name: string, into: string): FaultKind =>
    fault(name, { of: 'state' }, ({ ms, share }) => server.command('EVAL', OURS, 0, ms, share, into));
  const dies = async (ms: number): Promise<void> => {
    await server.kill();
    await pause(ms);
  };

  return [
    fault('killed, back with nothing', { of: 'path', weight: 2 }, async ({ ms }) => {
      await dies(ms);
      await server.restart({ empty: true });
    }),
    {
      ...fault('killed, back with its AOF', {}, () => Promise.resolve()),
      run: async (scene, { ms }) => {
        await set('appendonly', 'yes');
        await until('persistence', /aof_rewrite_in_progress:0/);
        await pause(300);
        await during(scene, { of: 'path' }, async () => {
          await dies(ms);
          await server.restart({ args: ['--appendonly', 'yes'] });
        });
        await set('appendonly', 'no');
      },
    },
    {
      ...fault('killed, back with an RDB older than invalidations', { weight: 2 }, () => Promise.resolve()),
      run: async (scene, { ms }) => {
        await rm(dump, { recursive: true, force: true });
        await server.command('SAVE');
        await pause(300);
        await during(scene, { of: 'path' }, async () => {
          await dies(ms / 2);
          await server.restart();
        });
      },
    },
    fault('killed, back while it loads a big dump (LOADING)', { of: 'path' }, async () => {
      await rm(dump, { recursive: true, force: true });
      await server.command('EVAL', FILL, 0);
      await server.command('SAVE');
      await server.kill();
      const slowly = ['--key-load-delay', String(PER_STRANGER), '--loading-process-events-interval-bytes', '1024'];
      await server.restart({ args: slowly });
      await server.command('EVAL', EMPTY, 0);
    }),
    fault(
      'stands still (SIGSTOP)',
      { of: 'path', weight: 3 },
      async ({ ms }) => {
        server.pause();
        await pause(ms);
        server.resume();
      },
      [50, 1_500, 30_000],
    ),
    ...POLICIES.map((policy) =>
      fault(`too little memory, ${policy}`, { of: 'state', weight: 0.4 }, async ({ ms, share }) => {
        const info = String(await server.command('INFO', 'memory'));
        const figure = (name: string): number => Number(new RegExp(`${name}:(\\d+)`).exec(info)?.[1]);
        const limit = figure('used_memory') - figure('used_memory_dataset') * share;
        await set('maxmemory-policy', policy);
        await set('maxmemory', limit.toFixed(0));
        await pause(ms);
        await set('maxmemory', '0');
        await set('maxmemory-policy', 'noeviction');
      }),
    ),
    spell(
      'full, noeviction (OOM)',
      'writes',
      [['CONFIG', 'SET', 'maxmemory', '1']],
      [['CONFIG', 'SET', 'maxmemory', '0']],
    ),
    fault('cannot save (MISCONF)', { of: 'writes' }, async ({ ms }) => {
      await rm(dump, { recursive: true, force: true });
      // No file can take the place of a folder.
      await mkdir(dump);
      await set('save', '3600 1');
      await server.command('BGSAVE');
      await until('persistence', /rdb_last_bgsave_status:err/);
      await pause(ms);
      await set('save', '');
      await rm(dump, { recursive: true });
    }),
    spell('a replica for a while (READONLY)', 'path', [['REPLICAOF', '127.0.0.1', 1]], [['REPLICAOF', 'NO', 'ONE']]),
    spell(
      'without replicas (NOREPLICAS)',
      'path',
      [['CONFIG', 'SET', 'min-replicas-to-write', 1]],
      [['CONFIG', 'SET', 'min-replicas-to-write', 0]],
    ),
    fault('busy with a script (BUSY)', { of: 'path' }, async ({ ms }) => {
      await set('lua-time-limit', '50');
      let isOver = false;
      const script = server.command('EVAL', 'while true do end', 0).catch(() => {
        isOver = true;
      });
      await pause(ms);
      while (!isOver) {
        // Before it began there is nothing to kill.
        await server.command('SCRIPT', 'KILL').catch(() => undefined);
        await pause(ASK_EVERY);
      }
      await script;
    }),
    spell(
      'asks for a password (NOAUTH)',
      'path',
      [
        ['ACL', 'SETUSER', 'default', 'resetpass', '>secret'],
        ['CLIENT', 'KILL', 'TYPE', 'normal'],
        ['CLIENT', 'KILL', 'TYPE', 'pubsub'],
      ],
      [['ACL', 'SETUSER', 'default', 'nopass']],
    ),
    spell(
      'forbids everything (NOPERM)',
      'path',
      // But for a question that the driver asks by itself: it complains of its refusal on the console.
      [['ACL', 'SETUSER', 'default', '-@all', '+info']],
      [['ACL', 'SETUSER', 'default', '+@all']],
    ),
    spoiled('our keys hold lists (WRONGTYPE)', 'list'),
    spoiled('our keys hold other texts', 'text'),
    spoiled('some of our keys are gone', 'nothing'),
    word('FLUSHALL', 'state', 'FLUSHALL'),
    word('FLUSHDB', 'state', 'FLUSHDB'),
    word('SCRIPT FLUSH', undefined, 'SCRIPT', 'FLUSH'),
    fault(
      'all connections killed',
      { of: 'path' },
      async () => {
        await server.command('CLIENT', 'KILL', 'TYPE', 'normal');
        await server.command('CLIENT', 'KILL', 'TYPE', 'pubsub');
      },
      [0, 0, 0],
    ),
    fault(
      'CONFIG REWRITE',
      {},
      async () => {
        await server.command('CONFIG', 'REWRITE');
        // What was written there would be said twice at the next start.
        await writeFile(join(server.data, '../redis.conf'), '');
      },
      [0, 0, 0],
    ),
    fault('subscribers killed again and again', { of: 'messages', weight: 4 }, async ({ ms }) => {
      for (let spent = 0; spent < ms; spent += 40) {
        await server.command('CLIENT', 'KILL', 'TYPE', 'pubsub');
        await pause(40);
      }
    }),
  ];
}
