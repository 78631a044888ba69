import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Redis } from 'ioredis';
import { Proxy } from '../support/redis/proxy.js';
import { RedisServer } from '../support/redis/server.js';
import { CHANNELS, closeAll, DRIVERS, linkTo, openTo } from './link-world.js';

const ENTRY = 'lc1:{a:b:0}:e:k';
const GOOD = { enableOfflineQueue: false, autoResendUnfulfilledCommands: false, maxRetriesPerRequest: 0 };
const EVENTS = ['ready', 'close', 'end', 'error', 'messageBuffer', 'message', 'reconnecting', 'connect'];

let server: RedisServer;
let proxy: Proxy;
const clients: Redis[] = [];

beforeAll(async () => {
  server = await RedisServer.start();
  proxy = await Proxy.start(server.port);
});

beforeEach(async () => {
  await proxy.heal();
  await server.command('FLUSHALL');
});

afterEach(async () => {
  await closeAll();
  for (const client of clients.splice(0)) client.disconnect();
});

afterAll(async () => {
  await proxy.close();
  await server.stop();
});

describe.each(DRIVERS)('A link over a client of $driver that was handed in', ({ Redis: Client }) => {
  function clientWith(options: object = {}): Redis {
    const client = new Client({ port: server.port, ...GOOD, ...options });
    clients.push(client);
    return client;
  }

  const load = () => Promise.reject(new Error('nobody needs the driver'));

  it('notices that it is connected already', async () => {
    const client = clientWith();
    await once(client, 'ready');
    const { link, heard } = await openTo({ client }, { load });
    expect([...heard.told].sort()).toEqual(['connected', 'subscribed']);
    expect(link.connection).toBe(1);
    expect(heard.warnings).toEqual([]);
  });

  it('notices when it becomes so, and connects one that is lazy', async () => {
    for (const options of [{}, { lazyConnect: true }]) {
      const { link, heard } = await openTo({ client: clientWith(options) }, { load });
      expect(heard.count('connected')).toBe(1);
      expect(await link.mget([ENTRY])).toEqual([null]);
    }
  });

  it('never closes it, and leaves no listener at it', async () => {
    const client = clientWith();
    client.on('error', () => undefined);
    await once(client, 'ready');
    const before = EVENTS.map((event) => client.listenerCount(event));
    const { link, heard } = await openTo({ client }, { load });
    await link.close();
    expect(EVENTS.map((event) => client.listenerCount(event))).toEqual(before);
    expect(await client.ping()).toBe('PONG');
    expect(link.connection).toBeUndefined();
    const told = heard.told.length;
    client.disconnect(true);
    await once(client, 'ready');
    expect(heard.told).toHaveLength(told);
    expect(String(await server.command('CLIENT', 'LIST', 'TYPE', 'PUBSUB'))).toBe('');
  });

  it('asks nothing of it that only a subscriber may', async () => {
    const client = clientWith();
    const { link, heard } = await openTo({ client }, { load });
    await server.command('PUBLISH', CHANNELS[0], 'word');
    await heard.until(`${CHANNELS[0]} word`);
    expect(client.mode).toBe('normal');
    expect(await link.mget([ENTRY])).toEqual([null]);
  });

  it('counts its connections, and hears on one of its own', async () => {
    const client = clientWith({ port: proxy.port });
    client.on('error', () => undefined);
    const { link, heard } = await openTo({ client }, { load });
    await proxy.cut();
    await heard.until('disconnected', 'unsubscribed');
    await expect(link.mget([ENTRY])).rejects.toThrow('there is no connection to Redis');
    await proxy.heal();
    await heard.until('connected', 'connected', 'subscribed', 'subscribed');
    expect(link.connection).toBe(2);
    link.reconnect();
    expect(link.connection).toBeUndefined();
    await heard.until('connected', 'connected', 'connected');
    expect(link.connection).toBe(3);
    link.resubscribe();
    await heard.until('subscribed', 'subscribed', 'subscribed');
    expect(link.connection).toBe(3);
  });

  it('uses its keyPrefix for keys and not for channels', async () => {
    const { link, heard } = await openTo({ client: clientWith({ keyPrefix: 'own:' }) }, { load });
    await link.run({
      script: 'clear',
      keys: ['lc1:{a:b:0}:s'],
      args: ['n'.repeat(15), CHANNELS[0]],
    });
    expect(await server.command('EXISTS', 'own:lc1:{a:b:0}:s')).toBe(1);
    expect(await server.command('PUBSUB', 'NUMSUB', CHANNELS[0])).toEqual([CHANNELS[0], 1]);
    await server.command('PUBLISH', CHANNELS[0], 'last');
    await heard.until(`${CHANNELS[0]} last`);
    expect(heard.told.some((told) => told.startsWith(`${CHANNELS[0]} 1|c|`))).toBe(true);
  });

  it('knows its database, also one that was selected later', async () => {
    expect(linkTo({ client: clientWith({ db: 4, lazyConnect: true }) }).link.audience).toBe('4');
    const client = clientWith();
    await once(client, 'ready');
    await client.select(5);
    expect(linkTo({ client }).link.audience).toBe('5');
  });

  it.each<[object, readonly string[]]>([
    [{}, []],
    [{ enableOfflineQueue: true }, ['enableOfflineQueue: false']],
    [
      { autoResendUnfulfilledCommands: true, maxRetriesPerRequest: null },
      ['autoResendUnfulfilledCommands: false', 'maxRetriesPerRequest: 0'],
    ],
    [{ maxRetriesPerRequest: 1 }, ['maxRetriesPerRequest: 0']],
    [{ retryStrategy: null, commandTimeout: 100 }, ['a retryStrategy', 'no commandTimeout']],
  ])('warns once of settings by which a command could hang or run twice: %j', async (options, names) => {
    const { heard } = await openTo({ client: clientWith(options) }, { load });
    expect(heard.warnings).toHaveLength(names.length === 0 ? 0 : 1);
    for (const name of names) expect(heard.warnings[0]).toContain(name);
    expect(
      heard.warnings.join('').match(/enableOfflineQueue|autoResend|maxRetries|retryStrategy|commandTimeout/g) ?? [],
    ).toHaveLength(names.length);
  });

  it('says that it has ended, and notices when its owner connects it again', async () => {
    const client = clientWith();
    const { link, heard } = await openTo({ client }, { load });
    client.disconnect();
    await heard.until('disconnected');
    await heard.untilFailed(/redis.client has ended/);
    expect(link.connection).toBeUndefined();
    await client.connect();
    await heard.until('connected', 'connected');
    expect(link.connection).toBe(2);
  });
});
