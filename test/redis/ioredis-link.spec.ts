import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ManualClock } from '../../lib/testing/manual-clock.js';
import { Proxy } from '../support/redis/proxy.js';
import { RedisServer } from '../support/redis/server.js';
import { CHANNELS, closeAll, DRIVERS, linkTo, openTo } from './link-world.js';

const ENTRY = 'lc1:{a:b:0}:e:k';
const STATE = 'lc1:{a:b:0}:s';
const INVALIDATE = {
  script: 'invalidate-key',
  keys: [ENTRY, 'lc1:{a:b:0}:l:k', STATE, 'lc1:{a:b:0}:v:k'],
  args: ['n'.repeat(15), CHANNELS[0], 'k:k'],
} as const;

let server: RedisServer;
let proxy: Proxy;

beforeAll(async () => {
  server = await RedisServer.start();
  proxy = await Proxy.start(server.port);
});

beforeEach(async () => {
  if (!server.running) await server.restart();
  await proxy.heal();
  await server.command('FLUSHALL');
});

afterEach(closeAll);

afterAll(async () => {
  await proxy.close();
  await server.stop();
});

async function numberOfInvalidations(): Promise<number> {
  return Number(String(await server.command('GET', STATE)).split('|')[2]);
}

/** What is heard of the first invalidation there is. */
function messageAfter(reply: Buffer): string {
  return `${CHANNELS[0]} 1|k|${reply.toString().split('|')[1]}|1|nnnnnnnnnnnnnnn|k:k`;
}

async function statistic(name: string): Promise<number> {
  return Number(new RegExp(`${name}:(\\d+)`).exec(String(await server.command('INFO', 'stats')))?.[1]);
}

/** The connections of links that the server has, by their names. */
async function connections(): Promise<string[]> {
  const list = String(await server.command('CLIENT', 'LIST'));
  return [...list.matchAll(/ name=(layercache\S+)/g)].map(([, name]) => String(name)).sort();
}

describe.each(DRIVERS)('A link by $driver', ({ load }) => {
  it('tells once that it is connected and that it hears', async () => {
    const { link, heard } = await openTo({ url: server.url }, { load });
    expect(link.connection).toBe(1);
    expect([...heard.told].sort()).toEqual(['connected', 'subscribed']);
    expect(await connections()).toEqual(['layercache:test', 'layercache:test:subscriber']);
    expect(heard.warnings).toEqual([]);
  });

  it('reads bytes as they are', async () => {
    const { link } = await openTo({ url: server.url }, { load });
    const bytes = Buffer.from([0, 255, 13, 10, 128]);
    await server.command('SET', ENTRY, bytes);
    expect(await link.mget([ENTRY, 'lc1:none'])).toEqual([bytes, null]);
  });

  it('runs scripts, whose messages it hears', async () => {
    const { link, heard } = await openTo({ url: server.url }, { load });
    const reply = (await link.run(INVALIDATE)) as Buffer;
    expect(reply.toString()).toMatch(/\|1$/);
    await heard.until(messageAfter(reply));
  });

  it('refuses at once before it is open, and where there is no connection', async () => {
    const { link, heard } = linkTo({ url: server.url }, { load });
    await expect(link.mget([ENTRY])).rejects.toThrow('there is no connection to Redis');
    await link.open(CHANNELS, heard);
    expect(link.connection).toBeUndefined();
    await expect(link.run(INVALIDATE)).rejects.toThrow('there is no connection to Redis');
    await heard.until('connected');
    await server.kill();
    await heard.until('disconnected');
    expect(link.connection).toBeUndefined();
    await expect(link.mget([ENTRY])).rejects.toThrow('there is no connection to Redis');
  });

  it('comes back by itself to a server that was away, telling once why it could not', async () => {
    const { link, heard } = await openTo({ url: server.url }, { load });
    await server.kill();
    await heard.until('disconnected', 'unsubscribed');
    await heard.untilFailed(/ECONNREFUSED/);
    await server.restart();
    await heard.until('connected', 'connected', 'subscribed', 'subscribed');
    expect(link.connection).toBe(2);
    await link.run(INVALIDATE);
    await heard.until(...heard.told.filter((told) => told.startsWith('lc1:')));
    expect(heard.errors.filter(({ message }) => message.includes('ECONNREFUSED'))).toHaveLength(1);
    expect(heard.count('disconnected')).toBe(1);
  });

  it('waits for a server that is not there yet', async () => {
    await server.kill();
    const { link, heard } = linkTo({ url: server.url }, { load });
    await link.open(CHANNELS, heard);
    await heard.untilFailed(/ECONNREFUSED/);
    await server.restart();
    await heard.until('connected', 'subscribed');
  });

  it('never sends again what was executed and whose reply was lost', async () => {
    const { link, heard } = await openTo({ url: proxy.url }, { load });
    // Its message is not to be the first that is lost.
    await heard.until(messageAfter((await link.run(INVALIDATE)) as Buffer));
    proxy.loseReplies();
    const lost = [link.run(INVALIDATE), link.run(INVALIDATE)];
    const read = link.mget([ENTRY]);
    const outcomes = Promise.allSettled([...lost, read]);
    await proxy.untilLost();
    await proxy.cut();
    for (const { status } of await outcomes) expect(status).toBe('rejected');
    await proxy.heal();
    await heard.until('connected', 'connected', 'subscribed', 'subscribed');
    await link.mget([ENTRY]);
    const executed = await numberOfInvalidations();
    expect(executed).toBe(3);
    await link.run(INVALIDATE);
    expect(await numberOfInvalidations()).toBe(4);
  });

  it('gives up what waits on a mute connection when it is told to renew it', async () => {
    const { link, heard } = await openTo({ url: proxy.url }, { load });
    proxy.mute();
    const read = link.mget([ENTRY]).catch((error: unknown) => error);
    // Behind the first pipeline, which is not answered, nothing is sent.
    const behind = link.mget([STATE]).catch((error: unknown) => error);
    await proxy.untilLost();
    link.reconnect();
    expect(link.connection).toBeUndefined();
    expect(heard.count('disconnected')).toBe(0);
    expect(await read).toBeInstanceOf(Error);
    expect(await behind).toBeInstanceOf(Error);
    await heard.until('disconnected');
    link.resubscribe();
    await heard.until('unsubscribed');
    await proxy.heal();
    await heard.until('connected', 'connected', 'subscribed', 'subscribed');
    expect(link.connection).toBe(2);
    expect(await link.mget([ENTRY])).toEqual([null]);
  });

  it('gives up a connection on which it is never greeted', async () => {
    const clock = new ManualClock();
    proxy.mute();
    const { link, heard } = linkTo({ url: proxy.url }, { load, clock });
    await link.open(CHANNELS, heard);
    await proxy.untilLost();
    await clock.advance(5_000);
    await heard.untilFailed(/not ready within 5000 ms/);
    await proxy.heal();
    while (heard.count('connected') + heard.count('subscribed') < 2) {
      await clock.advance(100);
      await server.command('PING');
    }
    expect(clock.pending).toBe(0);
  });

  it('hears again after its other connection was killed', async () => {
    const { link, heard } = await openTo({ url: server.url }, { load });
    await server.command('CLIENT', 'KILL', 'TYPE', 'pubsub');
    await heard.until('unsubscribed', 'subscribed', 'subscribed');
    await link.run(INVALIDATE);
    expect(heard.count('disconnected')).toBe(0);
    expect(link.connection).toBe(1);
  });

  it('hears again on a new connection when it is told so', async () => {
    const { link, heard } = await openTo({ url: server.url }, { load });
    link.resubscribe();
    expect(heard.count('unsubscribed')).toBe(0);
    await heard.until('unsubscribed', 'subscribed', 'subscribed');
    await server.command('PUBLISH', CHANNELS[1], 'word');
    await heard.until(`${CHANNELS[1]} word`);
    expect(heard.told.indexOf('unsubscribed')).toBeLessThan(heard.told.lastIndexOf('subscribed'));
  });

  it('subscribes to every channel once per connection', async () => {
    const { link, heard } = await openTo({ url: server.url }, { load });
    link.resubscribe();
    await heard.until('subscribed', 'subscribed');
    expect(await server.command('PUBSUB', 'NUMSUB', ...CHANNELS)).toEqual([CHANNELS[0], 1, CHANNELS[1], 1]);
    expect(await server.command('PUBLISH', CHANNELS[0], 'once')).toBe(1);
    await server.command('PUBLISH', CHANNELS[0], 'last');
    await heard.until(`${CHANNELS[0]} last`);
    expect(heard.count(`${CHANNELS[0]} once`)).toBe(1);
  });

  it('is not hurt by a message of 10 MB, of which it tells the beginning', async () => {
    const { link, heard } = await openTo({ url: server.url }, { load });
    await server.command('PUBLISH', CHANNELS[0], Buffer.alloc(10 * 2 ** 20, 0xff));
    await server.command('PUBLISH', CHANNELS[0], 'after');
    await heard.until(`${CHANNELS[0]} after`);
    expect(heard.told.find((told) => told.includes('ÿ'))).toBe(`${CHANNELS[0]} ${'ÿ'.repeat(1_000)}`);
    expect(await link.mget([ENTRY])).toEqual([null]);
  });

  it('sends what is asked together together', async () => {
    const { link } = await openTo({ url: server.url }, { load });
    await link.mget([ENTRY]);
    const before = await statistic('total_reads_processed');
    await Promise.all(Array.from({ length: 64 }, () => link.mget([ENTRY])));
    expect((await statistic('total_reads_processed')) - before).toBeLessThan(8);
  });

  it('runs a task after the replies that have arrived', async () => {
    const { link } = await openTo({ url: server.url }, { load });
    const order: string[] = [];
    await new Promise<void>((resolve) => {
      link.afterArrivals(() => {
        order.push('task');
        resolve();
      });
      order.push('asked');
    });
    expect(order).toEqual(['asked', 'task']);
  });
});

describe.each(DRIVERS)('Closing a link by $driver', ({ load }) => {
  it('ends both connections, after which nothing is told and no timer is left', async () => {
    const clock = new ManualClock();
    const { link, heard } = await openTo({ url: server.url }, { load, clock });
    await link.close();
    const told = [...heard.told];
    expect(link.connection).toBeUndefined();
    await expect(link.mget([ENTRY])).rejects.toThrow('there is no connection');
    await server.command('PUBLISH', CHANNELS[0], 'late');
    await untilGone();
    expect(heard.told).toEqual(told);
    expect(clock.pending).toBe(0);
    await link.close();
  });

  it('lets what was asked be answered', async () => {
    const { link } = await openTo({ url: server.url }, { load });
    const [invalidated, closed] = [link.run(INVALIDATE), link.close()];
    expect(String(await invalidated)).toMatch(/\|1$/);
    await closed;
  });

  it('does not wait longer than a command may take', async () => {
    const clock = new ManualClock();
    const { link } = await openTo({ url: proxy.url, commandTimeout: 500 }, { load, clock });
    proxy.mute();
    const read = link.mget([ENTRY]).catch((error: unknown) => error);
    const closed = link.close();
    await proxy.untilLost();
    await clock.advance(500);
    await closed;
    expect(await read).toBeInstanceOf(Error);
    expect(clock.pending).toBe(0);
  });

  it.each(['at once', 'while it is greeted', 'while it waits for the next attempt'])('works %s', async (when) => {
    const clock = new ManualClock();
    if (when === 'while it is greeted') proxy.mute();
    if (when === 'while it waits for the next attempt') await proxy.cut();
    const { link, heard } = linkTo({ url: proxy.url }, { load, clock });
    const opened = link.open(CHANNELS, heard);
    if (when === 'while it is greeted') await proxy.untilLost();
    if (when === 'while it waits for the next attempt') await heard.untilFailed(/ECONNREFUSED/);
    await link.close();
    await opened;
    expect(heard.told.filter((told) => !told.startsWith('failed'))).toEqual([]);
    expect(clock.pending).toBe(0);
    await proxy.heal();
    await untilGone();
  });

  it('works for one that was never opened', async () => {
    const { link } = linkTo({ url: server.url }, { load });
    await link.close();
    expect(link.connection).toBeUndefined();
  });
});

/** The server hears of a connection's end by itself, soon. */
async function untilGone(): Promise<void> {
  while ((await connections()).length > 0) await server.command('PING');
}
