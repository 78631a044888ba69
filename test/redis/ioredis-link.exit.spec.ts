import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ended, programOf } from '../support/ended-program.js';
import { RedisServer } from '../support/redis/server.js';

/** Opens a link, does as it is told, and then has nothing left to do. */
const PROGRAM = `
import { systemClock } from './lib/core/clock.ts';
import { systemRandom } from './lib/core/random.ts';
import { resolveRedis } from './lib/policy/resolve-redis.ts';
import { IoredisLink } from './lib/redis/ioredis-link.ts';

const settings = resolveRedis({ url: process.env.REDIS_URL });
const link = new IoredisLink({ settings, name: 'exit', clock: systemClock, random: systemRandom, warn: console.error });
const nothing = () => undefined;
const told = { disconnected: nothing, unsubscribed: nothing, message: nothing, failed: nothing };
await new Promise((resolve) => {
  let left = process.env.MOMENT === 'connected' ? 2 : 0;
  const count = () => --left === 0 && resolve();
  const failed = () => process.env.MOMENT === 'refused' && resolve();
  void link.open(['channel'], { ...told, connected: count, subscribed: count, failed }).then(() => left === 0 && process.env.MOMENT === 'opened' && resolve());
});
if (process.env.MOMENT === 'connected') await link.mget(['key']);
if (process.env.CLOSES === 'yes') await link.close();
`;

let server: RedisServer;
let program: string;

beforeAll(async () => {
  server = await RedisServer.start();
  program = await programOf(PROGRAM);
});

afterAll(() => server.stop());

describe('A process', () => {
  it.each([
    ['after it closed a link that was connected', 'connected', 'yes'],
    ['after it closed a link that was just opened', 'opened', 'yes'],
    ['after it closed a link that could not connect', 'refused', 'yes'],
    ['with an open link that could not connect', 'refused', 'no'],
  ])('ends %s', async (_, moment, closes) => {
    const url = moment === 'refused' ? 'redis://127.0.0.1:9' : server.url;
    const { errors, lingered } = await ended(program, { REDIS_URL: url, MOMENT: moment, CLOSES: closes });
    expect(errors).toBe('');
    // What the driver leaves behind would keep it for its timeouts, of which the shortest is two seconds.
    expect(lingered).toBeLessThan(1_500);
  });
});
