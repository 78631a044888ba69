import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { RedisOptions } from '../../lib/policy/redis-options.js';
import { Proxy } from '../support/redis/proxy.js';
import { RedisServer } from '../support/redis/server.js';
import { seededRandom } from '../support/seeded-random.js';
import { CHANNELS, closeAll, DRIVERS, type Heard, linkTo } from './link-world.js';

const ROUNDS = 6;
const STEPS = 12;

let server: RedisServer;
let proxy: Proxy;

beforeAll(async () => {
  server = await RedisServer.start();
  proxy = await Proxy.start(server.port);
});

afterEach(closeAll);

afterAll(async () => {
  await proxy.close();
  await server.stop();
});

/** Both words by turns, the first one first; true after the first. */
function turns(heard: Heard, [on, off]: readonly [string, string]): boolean {
  const told = heard.told.filter((each) => each === on || each === off);
  expect(told).toEqual(told.map((_, index) => (index % 2 === 0 ? on : off)));
  return told.length % 2 === 1;
}

describe.each(DRIVERS)('Whatever becomes of the connections of a link by $driver', ({ load, Redis: Client }) => {
  it.each([
    ['its own', 1],
    ['its own', 2],
    ['one that was handed in', 3],
    ['one that was handed in', 4],
  ])('it tells each change once and comes back: %s, seed %d', async (whose, seed) => {
    await proxy.heal();
    const random = seededRandom(seed);
    const retryStrategy = () => 5;
    const lent = new Client({ port: proxy.port, lazyConnect: true, enableOfflineQueue: false, retryStrategy });
    const redis: RedisOptions = whose === 'its own' ? { url: proxy.url } : { client: lent };
    const { link, heard } = linkTo(redis, { load });
    await link.open(CHANNELS, heard);
    const asked: Promise<unknown>[] = [];
    const settled = async (times: number): Promise<void> => {
      for (let time = 0; time < times; time++) await server.command('PING');
    };
    const steps: (() => unknown)[] = [
      () => proxy.cut(),
      () => proxy.heal(),
      () => proxy.heal(),
      () => server.command('CLIENT', 'KILL', 'TYPE', 'normal'),
      () => server.command('CLIENT', 'KILL', 'TYPE', 'pubsub'),
      () => link.reconnect(),
      () => link.resubscribe(),
      () => proxy.loseReplies(),
      () => asked.push(link.mget(['a']).catch(() => 'refused')),
    ];
    const isUp = (): boolean => {
      const [data, subscriber] = [
        turns(heard, ['connected', 'disconnected']),
        turns(heard, ['subscribed', 'unsubscribed']),
      ];
      return data && subscriber && link.connection !== undefined;
    };
    for (let round = 0; round < ROUNDS; round++) {
      for (let step = 0; step < STEPS; step++) {
        await steps[Math.floor(random() * steps.length)]?.();
        await settled(Math.floor(random() * 30));
        isUp();
      }
      await proxy.heal();
      while (!isUp()) await settled(1);
      link.reconnect();
      link.resubscribe();
    }
    while (!isUp()) await settled(1);
    expect(link.connection).toBe(heard.count('connected'));
    expect(await link.mget(['a'])).toEqual([null]);
    await server.command('PUBLISH', CHANNELS[0], 'last');
    await heard.until(`${CHANNELS[0]} last`);
    expect(heard.count('connected')).toBeGreaterThan(ROUNDS);
    if (whose === 'its own') await Promise.all(asked);
    lent.disconnect();
  });
});
