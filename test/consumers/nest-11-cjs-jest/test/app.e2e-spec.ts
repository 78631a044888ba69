import 'reflect-metadata';
import { Controller, Injectable, type INestApplication, Post } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { Cached, CacheService, LayerCacheConfigError } from 'nestjs-layercache';
import { LayerCacheTestingModule, ManualClock, RecordingObserver } from 'nestjs-layercache/testing';
import { AppModule } from '../src/app.module';
import { UsersController } from '../src/users.controller';
import { UsersService } from '../src/users.service';

describe('The application', () => {
  let app: INestApplication;

  beforeEach(async () => {
    const module = await Test.createTestingModule({ imports: [AppModule] }).compile();
    app = module.createNestApplication({ logger: false });
    await app.listen(0, '127.0.0.1');
  });

  afterEach(() => app.close());

  const ask = async (path: string, headers: Record<string, string> = {}) => {
    const response = await fetch((await app.getUrl()) + path, { headers });
    await response.text();
    return response.headers.get('cache-status');
  };

  it('tells hits and misses in headers', async () => {
    expect(await ask('/users')).toBe('layercache; fwd=miss; stored');
    expect(await ask('/users')).toMatch(/^layercache; hit; ttl=\d+$/);
    expect(app.get(UsersController).calls).toEqual(['all']);
  });

  it('goes past the cache for requests with credentials', async () => {
    await ask('/users');
    expect(await ask('/users', { cookie: 'a=b' })).toBe('layercache; fwd=bypass');
  });

  it('ends what a write names', async () => {
    const users = app.get(UsersService);
    await users.find('1');
    await users.rename('1', 'Lovelace');
    expect(await users.find('1')).toEqual({ id: '1', name: 'Lovelace', since: new Date(0) });
  });

  it('injects the cache by its class', () => {
    expect(app.get(CacheService).stats()).toMatchObject({ entries: 0 });
  });
});

describe('The package', () => {
  it('is its CommonJS build to Jest', () => {
    expect(require.resolve('nestjs-layercache')).toMatch(/dist.cjs.index\.js$/);
    expect(require.resolve('nestjs-layercache/testing')).toMatch(/dist.cjs.testing.index\.js$/);
  });
});

describe('The start', () => {
  it('stops where a writing handler is cached', async () => {
    @Controller()
    class WrongController {
      @Post()
      @Cached()
      create(): Promise<void> {
        return Promise.resolve();
      }
    }
    const module = await Test.createTestingModule({
      imports: [LayerCacheTestingModule.forRoot()],
      controllers: [WrongController],
    }).compile();
    const app = module.createNestApplication({ logger: false });
    await expect(app.init()).rejects.toThrow(LayerCacheConfigError);
  });
});

describe('In a test', () => {
  @Injectable()
  class Rates {
    loads = 0;

    @Cached({ ttl: '1m' })
    rate(of: string): Promise<{ of: string; loads: number }> {
      return Promise.resolve({ of, loads: ++this.loads });
    }
  }

  it('time is moved by hand, and events are heard', async () => {
    const clock = new ManualClock();
    const heard = new RecordingObserver();
    const module = await Test.createTestingModule({
      imports: [LayerCacheTestingModule.forRoot({ clock, observers: [heard] })],
      providers: [Rates],
    }).compile();
    await module.init();
    const rates = module.get(Rates);
    await rates.rate('eur');
    await clock.advance(59_999);
    expect(await rates.rate('eur')).toEqual({ of: 'eur', loads: 1 });
    await clock.advance(1);
    expect(await rates.rate('eur')).toEqual({ of: 'eur', loads: 2 });
    expect(heard.of('hit')).toHaveLength(1);
    await module.close();
  });

  it('a class made by hand, and one in a module without the cache, run uncached', async () => {
    const byHand = new Rates();
    await byHand.rate('eur');
    expect((await byHand.rate('eur')).loads).toBe(2);
    const module = await Test.createTestingModule({ providers: [Rates] })
      .setLogger({ log() {}, warn() {}, error() {} })
      .compile();
    await module.get(Rates).rate('eur');
    expect((await module.get(Rates).rate('eur')).loads).toBe(2);
  });
});
