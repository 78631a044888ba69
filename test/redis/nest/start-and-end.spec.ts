import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { CacheService } from '../../../lib/index.js';
import { startPlain } from '../../support/applications.js';
import { RedisServer } from '../../support/redis/server.js';
import { Users } from './users.js';
import { cacheOn, connectionsTo, until } from './world.js';

const BOTH = ['layercache:shop:default', 'layercache:shop:default:subscriber'];

let server: RedisServer;

beforeEach(async () => {
  server = await RedisServer.start();
  Users.names = new Map([['1', 'Ada']]);
});

afterEach(async () => {
  if (server.running) server.resume();
  await server.stop();
});

async function startUsers(redis?: object) {
  const options = redis === undefined ? {} : { redis: redis as { url: string } };
  const started = await startPlain({ imports: [cacheOn(server, options)], providers: [Users] });
  return { ...started, users: started.app.get(Users), cache: started.app.get(CacheService) };
}

describe('An application that starts while Redis is away', () => {
  it('starts in about a second, says so once, and joins when Redis is there', async () => {
    await server.kill();
    const began = performance.now();
    const late = await startUsers();
    const took = performance.now() - began;
    expect(took).toBeGreaterThan(900);
    expect(took).toBeLessThan(2_500);
    expect(late.logger.of('warn')).toEqual([
      expect.stringMatching(/^cache 'default': Redis could not be reached within 1000 ms of the start\./),
    ]);
    expect(late.logger.of('log')).toEqual([expect.stringContaining("redis (prefix 'shop'")]);
    expect([await late.users.find('1'), await late.users.find('1'), late.users.loads]).toEqual(['Ada', 'Ada', 1]);
    await server.restart();
    const other = await startUsers();
    await until(server, async () => (await connectionsTo(server)).length === 4);
    await other.users.find('1');
    await other.users.rename('1', 'Ada Lovelace');
    await until(server, async () => (await late.users.find('1')) === 'Ada Lovelace');
    await late.users.rename('1', 'Countess');
    await until(server, async () => (await other.users.find('1')) === 'Countess');
    expect(late.logger.of('warn')).toHaveLength(1);
  });

  it('does so as well where connections are accepted and nothing is answered', async () => {
    server.pause();
    const began = performance.now();
    const { users, logger } = await startUsers();
    expect(performance.now() - began).toBeLessThan(2_500);
    expect(logger.of('warn')).toHaveLength(1);
    expect(await users.find('1')).toBe('Ada');
  });

  it('can be closed before Redis has come', async () => {
    await server.kill();
    const { app } = await startUsers();
    const began = performance.now();
    await app.close();
    expect(performance.now() - began).toBeLessThan(1_000);
    await server.restart();
    const other = await startUsers();
    expect(await connectionsTo(server)).toEqual(BOTH);
    await other.app.close();
  });
});

describe('An application that ends', () => {
  const resources = (): number => process.getActiveResourcesInfo().filter((name) => /TCP|Timeout/.test(name)).length;

  it('leaves neither a connection behind, nor anything that would keep the process', async () => {
    const before = resources();
    const { app, users } = await startUsers();
    await users.find('1');
    expect(await connectionsTo(server)).toEqual(BOTH);
    await app.close();
    expect(await connectionsTo(server)).toEqual([]);
    await until(server, () => resources() <= before);
  });

  it('stores first what its last callers have loaded', async () => {
    const one = await startUsers();
    await one.users.find('1');
    await one.app.close();
    const next = await startUsers();
    expect([await next.users.find('1'), next.users.loads]).toEqual(['Ada', 0]);
  });

  it('has told of what it invalidated last', async () => {
    const other = await startUsers();
    await other.users.find('1');
    const { app, users } = await startUsers();
    await Promise.all([users.rename('1', 'Ada Lovelace'), app.close()]);
    await until(server, async () => (await other.users.find('1')) === 'Ada Lovelace');
  });

  it('is not kept by a Redis that answers nothing any more', async () => {
    const { app, users } = await startUsers();
    await users.find('1');
    server.pause();
    const written = users.rename('1', 'Ada Lovelace');
    const began = performance.now();
    await app.close();
    expect(performance.now() - began).toBeLessThan(3_000);
    expect(await written).toBe('renamed');
  });

  it('answers no worse while it ends', async () => {
    const { app, users, logger } = await startUsers();
    await users.find('1');
    const closed = app.close();
    expect(await users.find('1')).toBe('Ada');
    await closed;
    expect(await users.find('1')).toBe('Ada');
    expect(await users.rename('1', 'Ada Lovelace')).toBe('renamed');
    expect(await users.find('1')).toBe('Ada Lovelace');
    expect(logger.of('warn')).toEqual([]);
  });
});

describe('A client that was handed in', () => {
  it('carries the data, and stays open when the application ends', async () => {
    const client = new Redis(server.port, {
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      lazyConnect: true,
    });
    try {
      const { app, users, logger } = await startUsers({ client });
      await users.find('1');
      expect(await connectionsTo(server)).toEqual(['layercache:shop:default:subscriber']);
      expect(logger.of('warn')).toEqual([]);
      await app.close();
      expect(await connectionsTo(server)).toEqual([]);
      expect([client.status, await client.ping()]).toEqual(['ready', 'PONG']);
    } finally {
      client.disconnect();
      await once(client, 'end');
    }
  });
});

describe('An invalidation that Redis does not hear of', () => {
  it('behind @InvalidateTags fails no caller, is logged, takes effect here, and is told later', async () => {
    const other = await startUsers();
    const { users, logger } = await startUsers();
    await users.find('1');
    await other.users.find('1');
    server.pause();
    expect(await users.rename('1', 'Ada Lovelace')).toBe('renamed');
    expect(logger.of('error').join('\n')).toMatch(/cache 'default': invalidateTags: /);
    expect(await users.find('1')).toBe('Ada Lovelace');
    server.resume();
    await until(server, async () => (await other.users.find('1')) === 'Ada Lovelace');
    expect(await users.find('1')).toBe('Ada Lovelace');
  });
});
