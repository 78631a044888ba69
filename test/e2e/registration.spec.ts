import { Inject, Injectable, Module } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import {
  Cached,
  CacheService,
  getCacheToken,
  InjectCache,
  LayerCacheModule,
  type LayerCacheOptions,
  type LayerCacheOptionsFactory,
} from '../../lib/index.js';
import { LayerCacheTestingModule, ManualClock } from '../../lib/testing/index.js';
import { startPlain } from '../support/applications.js';

@Injectable()
class Users {
  loads = 0;

  @Cached()
  find(id: string): Promise<{ id: string; load: number }> {
    return Promise.resolve({ id, load: ++this.loads });
  }
}

/** Tells where its options came from: of the two values it is given, a cache with `max: 1` has forgotten the first. */
async function holdsOne(cache: CacheService): Promise<boolean> {
  await cache.set('a', 1);
  await cache.set('b', 2);
  return !(await cache.has('a')) && (await cache.has('b'));
}

const SMALL: LayerCacheOptions = { memory: { max: 1 } };

@Injectable()
class SmallOptions implements LayerCacheOptionsFactory {
  createLayerCacheOptions(): LayerCacheOptions {
    return SMALL;
  }
}

@Injectable()
class SlowOptions implements LayerCacheOptionsFactory {
  createLayerCacheOptions(): Promise<LayerCacheOptions> {
    return Promise.resolve(SMALL);
  }
}

const SIZE = Symbol('size');

@Module({ providers: [{ provide: SIZE, useValue: 1 }, SmallOptions], exports: [SIZE, SmallOptions] })
class ConfigModule {}

describe('LayerCacheModule.forRoot', () => {
  it('without options caches in memory', async () => {
    const { app } = await startPlain({ imports: [LayerCacheModule.forRoot()], providers: [Users] });
    const users = app.get(Users);
    expect(await users.find('1')).toEqual(await users.find('1'));
    expect(users.loads).toBe(1);
  });

  it('takes the options of the cache', async () => {
    const { app } = await startPlain({ imports: [LayerCacheModule.forRoot(SMALL)] });
    expect(await holdsOne(app.get(CacheService))).toBe(true);
  });

  it('leaves the object it was given as it was', async () => {
    const options = Object.freeze({ name: 'catalog', isGlobal: true, ttl: '1m' } as const);
    const { app } = await startPlain({ imports: [LayerCacheModule.forRoot(options)] });
    expect(app.get(getCacheToken('catalog'))).toBeInstanceOf(CacheService);
  });

  it('gives the same cache by class, by token and by name', async () => {
    const { app } = await startPlain({ imports: [LayerCacheModule.forRoot()] });
    const cache: unknown = app.get(CacheService);
    expect(app.get(getCacheToken())).toBe(cache);
    expect(app.get(getCacheToken('default'))).toBe(cache);
  });
});

describe('LayerCacheModule.forRootAsync takes its options', () => {
  it.each([
    ['useFactory', { useFactory: () => SMALL }],
    ['useFactory that is async', { useFactory: () => Promise.resolve(SMALL) }],
    [
      'useFactory that injects',
      { imports: [ConfigModule], inject: [SIZE], useFactory: (max: number) => ({ memory: { max } }) },
    ],
    ['useClass', { useClass: SmallOptions }],
    ['useClass that is async', { useClass: SlowOptions }],
    ['useExisting', { imports: [ConfigModule], useExisting: SmallOptions }],
  ])('from %s', async (_, options) => {
    const { app } = await startPlain({ imports: [LayerCacheModule.forRootAsync(options)] });
    expect(await holdsOne(app.get(CacheService))).toBe(true);
  });

  it('from the same useClass for two caches', async () => {
    const { app } = await startPlain({
      imports: [
        LayerCacheModule.forRootAsync({ useClass: SmallOptions }),
        LayerCacheModule.forRootAsync({ useClass: SmallOptions, name: 'catalog' }),
      ],
    });
    expect(await holdsOne(app.get(CacheService))).toBe(true);
    expect(await holdsOne(app.get(getCacheToken('catalog')))).toBe(true);
  });

  it('from a factory that needs a provider with cached methods, which work after the start', async () => {
    @Module({ providers: [Users], exports: [Users] })
    class UsersModule {}
    const { app } = await startPlain({
      imports: [
        UsersModule,
        LayerCacheModule.forRootAsync({
          imports: [UsersModule],
          inject: [Users],
          useFactory: async (users: Users) => ({ memory: { max: (await users.find('config')).load } }),
        }),
      ],
    });
    const users = app.get(Users);
    expect(users.loads).toBe(1);
    await users.find('1');
    await users.find('1');
    expect(users.loads).toBe(2);
    expect(await holdsOne(app.get(CacheService))).toBe(true);
  });
});

describe('A cache that is not global', () => {
  @Injectable()
  class Reader {
    readonly cache: CacheService;

    constructor(@Inject(CacheService) cache: CacheService) {
      this.cache = cache;
    }
  }

  it('is injected where its module is imported', async () => {
    @Module({ imports: [LayerCacheModule.forRoot({ isGlobal: false })], providers: [Reader] })
    class ReadingModule {}
    const { app } = await startPlain({ imports: [ReadingModule] });
    expect(app.get(Reader, { strict: false }).cache).toBeInstanceOf(CacheService);
  });

  it('cannot be injected elsewhere', async () => {
    @Module({ providers: [Reader] })
    class ReadingModule {}
    const started = startPlain({ imports: [LayerCacheModule.forRoot({ isGlobal: false }), ReadingModule] });
    await expect(started).rejects.toThrow(/Nest can't resolve dependencies of the Reader/);
  });

  it('serves decorated methods everywhere', async () => {
    @Module({ providers: [Users] })
    class UsersModule {}
    @Module({ imports: [LayerCacheModule.forRoot({ isGlobal: false })] })
    class CachingModule {}
    const { app } = await startPlain({ imports: [UsersModule, CachingModule] });
    const users = app.get(Users, { strict: false });
    await users.find('1');
    await users.find('1');
    expect(users.loads).toBe(1);
  });
});

describe('Caches of several names', () => {
  @Injectable()
  class Catalog {
    loads = 0;
    readonly cache: CacheService;
    readonly main: CacheService;

    constructor(@InjectCache('catalog') cache: CacheService, @InjectCache() main: CacheService) {
      this.cache = cache;
      this.main = main;
    }

    @Cached({ cache: 'catalog' })
    list(): Promise<number> {
      return Promise.resolve(++this.loads);
    }
  }

  it('live side by side, each with its own options and values', async () => {
    const clock = new ManualClock();
    const { app } = await startPlain({
      imports: [
        LayerCacheTestingModule.forRoot({ clock, ttl: '1m' }),
        LayerCacheTestingModule.forRoot({ clock, ttl: '5m', name: 'catalog' }),
      ],
      providers: [Catalog],
    });
    const { cache, main } = app.get(Catalog);
    expect(main).toBe(app.get(CacheService));
    await Promise.all([main.set('a', 1), cache.set('a', 2)]);
    expect([await main.get('a'), await cache.get('a')]).toEqual([1, 2]);
    await clock.advance(60_000);
    expect([await main.get('a'), await cache.get('a')]).toEqual([undefined, 2]);
  });

  it('are chosen by @Cached({ cache })', async () => {
    const { app } = await startPlain({
      imports: [LayerCacheModule.forRoot(), LayerCacheModule.forRoot({ name: 'catalog' })],
      providers: [Catalog],
    });
    const catalog = app.get(Catalog);
    await catalog.list();
    expect([catalog.main.stats().loads, catalog.cache.stats().loads]).toEqual([0, 1]);
    await catalog.cache.clear();
    expect(await catalog.list()).toBe(2);
  });

  it('do not need one named default', async () => {
    const { app } = await startPlain({ imports: [LayerCacheModule.forRoot({ name: 'catalog' })] });
    expect(app.get(getCacheToken('catalog'))).toBeInstanceOf(CacheService);
    expect(() => app.get<unknown>(CacheService)).toThrow('CacheService');
  });
});
