import { afterAll, afterEach, beforeAll, beforeEach, describe, it } from '@jest/globals';
import { systemClock } from '../../lib/core/clock.js';
import { systemRandom } from '../../lib/core/random.js';
import { resolveRedis, type RedisSettings } from '../../lib/policy/resolve-redis.js';
import { IoredisLink } from '../../lib/redis/ioredis-link.js';
import type { RedisBond } from '../../lib/redis/redis-bond.js';
import { sharedTierCases } from '../../lib/testing/index.js';
import { bondOn } from '../support/bonds.js';
import { RedisServer } from '../support/redis/server.js';

let server: RedisServer;
const bonds: RedisBond[] = [];

beforeAll(async () => {
  server = await RedisServer.start();
});

beforeEach(async () => {
  await server.command('FLUSHALL');
});

afterEach(async () => {
  await Promise.all(bonds.splice(0).map((bond) => bond.close()));
});

afterAll(() => server.stop());

async function join(copies: 'kept' | 'not kept'): Promise<RedisBond> {
  const settings = resolveRedis({ url: server.url, commandTimeout: '30s' }) as RedisSettings;
  const warn = (): void => undefined;
  const parts = { settings, name: 'shop:default', clock: systemClock, random: systemRandom, warn };
  const bond = await bondOn(new IoredisLink(parts), systemClock, copies);
  bonds.push(bond);
  return bond;
}

describe.each(['kept', 'not kept'] as const)('Redis as a shared tier, where copies are %s,', (copies) => {
  const pair = async () => ({ one: (await join(copies)).tier, other: (await join(copies)).tier, clock: systemClock });
  for (const { name, run } of sharedTierCases(pair)) it(name, run);
});
