import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from '@jest/globals';
import { LayerCacheConfigError } from '../../lib/core/errors.js';
import { Sentinel } from '../support/redis/sentinel.js';
import { RedisServer, type RedisServerOptions } from '../support/redis/server.js';
import { CHANNELS, closeAll, DRIVERS, Heard, linkTo, openTo } from './link-world.js';

const ENTRY = 'lc1:{a:b:0}:e:k';
const CANARY = 'canary4711';
/** What the room's README says that a user must be allowed. */
const ALLOWED =
  '~lc1:* &lc1:* +evalsha +eval +get +mget +getrange +set +setrange +del +pttl +pexpire +time +info +publish +subscribe';

const servers: (RedisServer | Sentinel)[] = [];

async function serverWith(options: RedisServerOptions): Promise<RedisServer> {
  const server = await RedisServer.start(options);
  servers.push(server);
  return server;
}

afterEach(async () => {
  await closeAll();
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

describe.each(DRIVERS)('A link by $driver reaches Redis', ({ load }) => {
  it('with a password', async () => {
    const server = await serverWith({ password: 'p@ss/w:rd' });
    const { link } = await openTo({ url: server.url }, { load });
    expect(await link.mget([ENTRY])).toEqual([null]);
  });

  it('as a user who is allowed what has to be, in silence', async () => {
    const server = await serverWith({ users: [`app on >secret ${ALLOWED}`] });
    const { link, heard } = await openTo({ url: `redis://app:secret@127.0.0.1:${server.port}` }, { load });
    await link.run({ script: 'fence', keys: ['lc1:{a:b:0}:r', 'lc1:{a:b:0}:s'], args: ['n'.repeat(15)] });
    await link.run({ script: 'clear', keys: ['lc1:{a:b:0}:s'], args: ['n'.repeat(15), CHANNELS[0]] });
    expect(heard.errors).toEqual([]);
    expect(heard.warnings).toEqual([]);
  });

  it('in a database of a number', async () => {
    const server = await serverWith({});
    const { link } = await openTo({ url: `${server.url}/3` }, { load });
    await server.command('SET', ENTRY, 'of 0');
    expect(link.audience).toBe('3');
    expect(await link.mget([ENTRY])).toEqual([null]);
  });

  it('by options alone', async () => {
    const server = await serverWith({});
    const { link } = await openTo({ options: { host: '127.0.0.1', port: server.port, db: 2 } }, { load });
    expect(link.audience).toBe('2');
  });

  it('through a Unix socket', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'socket-'));
    try {
      const path = join(folder, 'redis.sock');
      await serverWith({ args: ['--unixsocket', path] });
      const { link, heard } = await openTo({ url: `${path}?db=1` }, { load });
      expect(link.audience).toBe('1');
      expect(await link.mget([ENTRY])).toEqual([null]);
      expect(heard.warnings).toEqual([]);
    } finally {
      await closeAll();
      await rm(folder, { recursive: true });
    }
  });

  it('by TLS, where it trusts the certificate', async () => {
    const server = await serverWith({ tls: true, password: 'secret' });
    const { link, heard } = await openTo({ url: server.url, options: { tls: { ca: server.ca } } }, { load });
    expect(await link.mget([ENTRY])).toEqual([null]);
    expect(heard.warnings).toEqual([]);
  });

  it('not by TLS where it does not', async () => {
    const server = await serverWith({ tls: true });
    const { link, heard } = linkTo({ url: server.url }, { load });
    await link.open(CHANNELS, heard);
    await heard.untilFailed(/self-signed certificate/);
    expect(link.connection).toBeUndefined();
  });

  it('behind a Sentinel, at the primary that it names', async () => {
    const server = await serverWith({});
    const sentinel = await Sentinel.start();
    servers.push(sentinel);
    await sentinel.monitor('main', server.port);
    const options = { sentinels: [{ host: '127.0.0.1', port: sentinel.port }], name: 'main' };
    const { link, heard } = await openTo({ options }, { load });
    await server.command('SET', ENTRY, 'value');
    expect(await link.mget([ENTRY])).toEqual([Buffer.from('value')]);
    await server.restart({ empty: true });
    await heard.until('connected', 'connected', 'subscribed', 'subscribed');
    expect(await link.mget([ENTRY])).toEqual([null]);
  });

  it('not at all while a Sentinel knows of no primary, and goes on asking', async () => {
    const server = await serverWith({});
    const sentinel = await Sentinel.start();
    servers.push(sentinel);
    const options = { sentinels: [{ host: '127.0.0.1', port: sentinel.port }], name: 'main' };
    const { link, heard } = linkTo({ options }, { load });
    await link.open(CHANNELS, heard);
    await heard.untilFailed(/sentinels are unreachable/);
    await sentinel.monitor('main', server.port);
    await heard.until('connected', 'subscribed');
  });
});

describe.each(DRIVERS)('A link by $driver that Redis does not let in', ({ load }) => {
  /** Nothing that could be printed names the password. */
  function expectSilence(heard: Heard, ...more: readonly unknown[]): void {
    const printed = inspect([heard, ...more], { depth: 9, showHidden: true, getters: true });
    expect(printed).not.toContain(CANARY);
  }

  it.each<[string, RegExp, RedisServerOptions, string]>([
    ['for its password', /^WRONGPASS/, { password: 'other' }, `:${CANARY}`],
    ['for its user', /^WRONGPASS/, { users: ['app on >other ~* &* +@all'] }, `app:${CANARY}`],
    [
      'where the command for it has another name',
      /^ERR unknown command/,
      { args: ['--rename-command', 'AUTH', ''] },
      `:${CANARY}`,
    ],
  ])('%s says so once, and no password', async (_, said, options, user) => {
    const server = await serverWith(options);
    const { link, heard } = linkTo({ url: `redis://${user}@127.0.0.1:${server.port}` }, { load });
    await link.open(CHANNELS, heard);
    if (options.args !== undefined && (await answersHello(load))) {
      await heard.until('connected');
      return;
    }
    const error = await heard.untilFailed(said);
    await server.kill();
    await heard.untilFailed(/ECONNREFUSED/);
    expect(heard.errors.filter(({ message }) => message === error.message)).toHaveLength(1);
    expect(heard.count('connected')).toBe(0);
    expectSilence(heard, link, error, error.stack);
  });

  it('for want of a password comes in when none is wanted any more', async () => {
    const server = await serverWith({ password: 'secret' });
    const { link, heard } = linkTo({ url: `redis://127.0.0.1:${server.port}` }, { load });
    await link.open(CHANNELS, heard);
    await heard.untilFailed(/^NOAUTH|Ready check failed: NOAUTH/);
    await server.command('CONFIG', 'SET', 'requirepass', '');
    await heard.until('connected', 'subscribed');
  });

  it('to its channels goes on with data, and hears once it may', async () => {
    const server = await serverWith({ users: ['app on >secret ~* resetchannels +@all'] });
    const { link, heard } = linkTo({ url: `redis://app:secret@127.0.0.1:${server.port}` }, { load });
    await link.open(CHANNELS, heard);
    expect((await heard.untilFailed(/^NOPERM/)).message).toContain('channel');
    await heard.until('connected');
    expect(await link.mget([ENTRY])).toEqual([null]);
    expect(heard.count('subscribed')).toBe(0);
    await server.command('ACL', 'SETUSER', 'app', '&lc1:*');
    await heard.until('subscribed');
    expect(heard.count('unsubscribed')).toBe(0);
    expect(heard.errors.filter(({ message }) => message.startsWith('NOPERM'))).toHaveLength(1);
  });

  it('to its database never works in another one', async () => {
    const server = await serverWith({});
    const { link, heard } = linkTo({ url: `${server.url}/99` }, { load });
    await link.open(CHANNELS, heard);
    await heard.untilFailed(/^ERR DB index is out of range/);
    await server.kill();
    await heard.untilFailed(/ECONNREFUSED/);
    expect(heard.told.filter((told) => !told.startsWith('failed'))).toEqual([]);
  });

  it('to a command says which, and neither key nor value', async () => {
    const server = await serverWith({ users: ['app on >secret ~* &* +@all -mget -eval -evalsha'] });
    const { link, heard } = await openTo({ url: `redis://app:secret@127.0.0.1:${server.port}` }, { load });
    const failures = [
      link.mget([`lc1:${CANARY}`]),
      link.run({ script: 'heartbeat', keys: [`lc1:${CANARY}`], args: [CANARY] }),
    ];
    for (const failure of failures) {
      const error = (await failure.catch((reason: unknown) => reason)) as Error;
      expect(error).toMatchObject({ name: 'RedisLinkError', code: 'NOPERM' });
      expectSilence(heard, error, error.stack);
    }
  });
});

/** With HELLO, the password is not sent by AUTH. */
async function answersHello(load: () => Promise<unknown>): Promise<boolean> {
  const { Redis } = (await load()) as { Redis: new (options: object) => { options: { protocol?: number } } };
  return new Redis({ lazyConnect: true }).options.protocol === 3;
}

describe('A link', () => {
  it('needs the driver only when it makes connections of its own, and says so', async () => {
    const missing = Object.assign(new Error(`Cannot find package 'ioredis'`), { code: 'ERR_MODULE_NOT_FOUND' });
    const { link, heard } = linkTo({ url: 'redis://localhost' }, { load: () => Promise.reject(missing) });
    const opened = link.open(CHANNELS, heard);
    await expect(opened).rejects.toBeInstanceOf(LayerCacheConfigError);
    await expect(opened).rejects.toThrow('redis: needs the package ioredis: npm install ioredis');
    await link.close();
  });

  it.each<[string, () => Promise<unknown>, object]>([
    ['redis: ioredis cannot be loaded: no good', () => Promise.reject(new Error('no good')), {}],
    ['redis: needs ioredis 5.4 or later', () => Promise.resolve({ Redis: class {} }), {}],
    ['redis.options: ioredis does not take them', DRIVERS[0].load, { sentinels: [{ host: 'a' }] }],
  ])('rejects for what trying again does not cure: %s', async (said, load, options) => {
    const { link, heard } = linkTo({ options }, { load });
    await expect(link.open(CHANNELS, heard)).rejects.toThrow(said);
  });

  it('finds the driver by itself', async () => {
    const server = await serverWith({});
    const { link } = await openTo({ url: server.url });
    expect(await link.mget([ENTRY])).toEqual([null]);
  });

  it('warns once of plain text to another machine', async () => {
    const { link, heard } = linkTo({ options: { host: '192.0.2.1', password: CANARY } });
    await link.open(CHANNELS, heard);
    await link.close();
    expect(heard.warnings).toEqual([
      expect.stringMatching(/^values and passwords go to Redis at 192\.0\.2\.1 in plain text/),
    ]);
  });
});
