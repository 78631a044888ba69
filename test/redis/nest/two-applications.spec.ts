import { Injectable } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Cached, CacheService, CacheTags, InjectCache, InvalidateTags } from '../../../lib/index.js';
import { startPlain } from '../../support/applications.js';
import { RedisServer } from '../../support/redis/server.js';
import { Users } from './users.js';
import { cacheOn, connectionsTo, until } from './world.js';

let server: RedisServer;

beforeAll(async () => {
  server = await RedisServer.start();
});

beforeEach(() => {
  Users.names = new Map([['1', 'Ada']]);
});

afterEach(() => server.command('FLUSHALL'));
afterAll(() => server.stop());

async function startUsers() {
  const started = await startPlain({ imports: [cacheOn(server)], providers: [Users] });
  return { ...started, users: started.app.get(Users), cache: started.app.get(CacheService) };
}

describe('Two applications on one Redis', () => {
  it('load what both need once', async () => {
    const [one, other] = [await startUsers(), await startUsers()];
    expect(await one.users.find('1')).toBe('Ada');
    const key = other.cache.keyOf(Users, 'find', ['1']);
    await until(server, async () => (await other.cache.get(key)) !== undefined);
    expect(await other.users.find('1')).toBe('Ada');
    expect([one.users.loads, other.users.loads]).toEqual([1, 0]);
  });

  it('load it once also when both ask at once', async () => {
    const [one, other] = [await startUsers(), await startUsers()];
    expect(await Promise.all([one.users.find('1'), other.users.find('1')])).toEqual(['Ada', 'Ada']);
    expect(one.users.loads + other.users.loads).toBe(1);
  });

  it('hear of what the other invalidates', async () => {
    const [one, other] = [await startUsers(), await startUsers()];
    await one.users.find('1');
    await other.users.find('1');
    expect(await one.users.rename('1', 'Ada Lovelace')).toBe('renamed');
    expect(await one.users.find('1')).toBe('Ada Lovelace');
    await until(server, async () => (await other.users.find('1')) === 'Ada Lovelace');
    expect(one.users.loads + other.users.loads).toBeLessThanOrEqual(3);
    for (const { logger } of [one, other]) expect([...logger.of('warn'), ...logger.of('error')]).toEqual([]);
  });

  it('hear of everything at once, and of what is set by hand', async () => {
    const [one, other] = [await startUsers(), await startUsers()];
    await one.cache.set('rate', 1);
    expect(await other.cache.get('rate')).toBe(1);
    await other.cache.set('rate', 2);
    await until(server, async () => (await one.cache.get('rate')) === 2);
    await one.cache.clear();
    await until(server, async () => (await other.cache.get('rate')) === undefined);
  });

  it('say in one line each what runs', async () => {
    const environment = process.env['NODE_ENV'];
    process.env['NODE_ENV'] = 'production';
    try {
      const { logger } = await startUsers();
      expect(logger.of('log')).toEqual([
        "cache 'default': memory (10000 entries), redis (prefix 'shop', staleBound 2000 ms)",
      ]);
      expect(logger.of('warn')).toEqual([]);
    } finally {
      process.env['NODE_ENV'] = environment;
    }
  });

  it('of another prefix have nothing in common', async () => {
    const one = await startUsers();
    const other = await startPlain({ imports: [cacheOn(server, { prefix: 'bank' })], providers: [Users] });
    await one.cache.set('rate', 1);
    expect(await other.app.get(CacheService).get('rate')).toBeUndefined();
    await other.app.get(CacheService).clear();
    expect(await one.cache.get('rate')).toBe(1);
  });
});

describe('A cache of another name', () => {
  @Injectable()
  class Shop {
    loads = 0;
    readonly catalog: CacheService;

    constructor(@InjectCache('catalog') catalog: CacheService) {
      this.catalog = catalog;
    }

    @Cached({ name: 'shop.price', cache: 'catalog' })
    @CacheTags('prices')
    price(): Promise<number> {
      return Promise.resolve(++this.loads);
    }

    @InvalidateTags('prices')
    raise(): Promise<void> {
      return Promise.resolve();
    }
  }

  async function startShop() {
    const imports = [cacheOn(server), cacheOn(server, { memory: false }, { name: 'catalog' })];
    const { app } = await startPlain({ imports, providers: [Shop] });
    return { shop: app.get(Shop), cache: app.get(CacheService) };
  }

  it('is another one in Redis too, with connections of its own', async () => {
    const { shop, cache } = await startShop();
    await shop.catalog.set('key', 'of the catalog');
    expect([await cache.get('key'), await shop.catalog.get('key')]).toEqual([undefined, 'of the catalog']);
    await cache.clear();
    expect(await shop.catalog.get('key')).toBe('of the catalog');
    expect(await connectionsTo(server)).toEqual([
      'layercache:shop:catalog',
      'layercache:shop:catalog:subscriber',
      'layercache:shop:default',
      'layercache:shop:default:subscriber',
    ]);
  });

  it('is shared by applications, and hears of their tags', async () => {
    const [one, other] = [await startShop(), await startShop()];
    expect(await one.shop.price()).toBe(1);
    await until(server, async () => (await other.shop.price()) === 1);
    const loads = other.shop.loads;
    await one.shop.raise();
    expect(await one.shop.price()).toBe(2);
    // There is no memory that could be behind: Redis alone answers.
    expect(await other.shop.price()).toBe(2);
    expect(other.shop.loads).toBe(loads);
  });
});

describe('A cache that is switched off', () => {
  it('opens no connection, and minds no Redis that is not there', async () => {
    const { app, logger } = await startPlain({ imports: [cacheOn(server, { enabled: false })], providers: [Users] });
    const away = cacheOn(server, { enabled: false, redis: { url: 'redis://127.0.0.1:9' } });
    const other = await startPlain({ imports: [away], providers: [Users] });
    expect(await app.get(Users).find('1')).toBe('Ada');
    expect(await app.get(Users).rename('1', 'Ada Lovelace')).toBe('renamed');
    expect(await connectionsTo(server)).toEqual([]);
    expect(logger.of('log')).toEqual(["cache 'default': disabled: every call runs uncached"]);
    for (const level of ['warn', 'error'] as const) {
      expect([...logger.of(level), ...other.logger.of(level)]).toEqual([]);
    }
  });
});
