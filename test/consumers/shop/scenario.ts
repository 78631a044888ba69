import 'reflect-metadata';
import { Controller, type INestApplication, Module, Post, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Cached, CacheService, LayerCacheConfigError } from 'nestjs-layercache';
import { LayerCacheTestingModule, ManualClock } from 'nestjs-layercache/testing';
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { AppModule } from './app.module.js';
import { HooksService } from './hooks.service.js';
import { platform } from './platform.js';
import { UsersController } from './users.controller.js';
import { OrdersService, UsersService } from './users.service.js';

const make = (module: Type): Promise<INestApplication> =>
  NestFactory.create(module, platform(), { logger: false, abortOnError: false });

void describe('An application with the cache', () => {
  let app: INestApplication;
  let url: string;

  before(async () => {
    app = await make(AppModule);
    await app.listen(0, '127.0.0.1');
    url = await app.getUrl();
  });

  after(() => app.close());

  const ask = async (path: string, headers: Record<string, string> = {}) => {
    const response = await fetch(url + path, { headers });
    return {
      status: response.status,
      body: await response.text(),
      cacheStatus: response.headers.get('cache-status'),
      age: response.headers.get('age'),
    };
  };

  void it('tells hits and misses in headers', async () => {
    const first = await ask('/users');
    assert.deepEqual(
      { ...first, body: '' },
      { status: 200, body: '', cacheStatus: 'layercache; fwd=miss; stored', age: null },
    );
    const second = await ask('/users');
    assert.equal(second.body, first.body);
    assert.match(second.cacheStatus ?? '', /^layercache; hit; ttl=\d+$/);
    assert.equal(second.age, '0');
  });

  void it('gives its handlers no parameter more than they declare', async () => {
    assert.equal((await ask('/users')).body, '{"given":0}');
  });

  void it('keys handlers by their parameters', async () => {
    for (const path of ['?q=a', '?q=a&page=2', '?page=2&q=a', '?q=a']) await ask(`/users/search${path}`);
    const searches = app.get(UsersController).calls.filter((call) => call.startsWith('search'));
    assert.deepEqual(searches, ['search a undefined', 'search a 2']);
  });

  void it('goes past the cache for requests with credentials, unless the reply is shared', async () => {
    const credentials = { authorization: 'Bearer a' };
    await ask('/users/search?q=mine');
    assert.equal((await ask('/users/search?q=mine', credentials)).cacheStatus, 'layercache; fwd=bypass');
    await ask('/users/rates/eur');
    assert.match((await ask('/users/rates/eur', credentials)).cacheStatus ?? '', /^layercache; hit/);
  });

  void it('caches services, and ends what a write names', async () => {
    const { calls } = app.get(UsersService);
    const ada = '{"id":"1","name":"Ada","since":"1970-01-01T00:00:00.000Z"}';
    assert.equal((await ask('/users/1')).body, ada);
    assert.equal((await ask('/users/1')).body, ada);
    assert.deepEqual(calls, ['find 1']);
    const headers = { 'content-type': 'application/json' };
    const { status } = await fetch(`${url}/users/1`, { method: 'PATCH', headers, body: '{"name":"Lovelace"}' });
    assert.equal(status, 200);
    assert.match((await ask('/users/1')).body, /Lovelace/);
    assert.deepEqual(calls, ['find 1', 'find 1']);
  });

  void it('remembers what is not there', async () => {
    const before404 = app.get(UsersService).calls.length;
    assert.equal((await ask('/users/404')).status, 404);
    assert.equal((await ask('/users/404')).status, 404);
    assert.equal(app.get(UsersService).calls.length, before404 + 1);
  });

  void it('shares nothing between classes that inherit a cached method', async () => {
    assert.equal(await app.get(UsersService).count(), 1);
    assert.equal(await app.get(OrdersService).count(), 101);
    assert.equal(await app.get(UsersService).count(), 1);
  });

  void it('gives each class one means only to find its cache', () => {
    const properties = Reflect.getMetadata('self:properties_metadata', UsersService) as unknown[];
    assert.equal(properties.length, 1);
  });

  void it('injects the cache by its class', async () => {
    const cache = app.get(CacheService);
    await cache.set('a', new Map([['b', 1n]]));
    assert.deepEqual(await cache.get('a'), new Map([['b', 1n]]));
    assert.equal(cache.keyOf(UsersService, 'find', ['1']), "UsersService.find('1)");
    // @ts-expect-error the arguments are those of the method
    cache.keyOf(UsersService, 'find', [1]);
  });
});

void describe('The start of an application', () => {
  void it('stops where a writing handler is cached', async () => {
    @Controller()
    class WrongController {
      @Post()
      @Cached()
      create(): Promise<void> {
        return Promise.resolve();
      }
    }
    @Module({ imports: [LayerCacheTestingModule.forRoot()], controllers: [WrongController] })
    class WrongModule {}
    const app = await make(WrongModule);
    await assert.rejects(app.init(), (error) => {
      assert.ok(error instanceof LayerCacheConfigError);
      assert.match(error.message, /WrongController\.create.*shared: true/);
      return true;
    });
  });

  void it('and its end find the cache at work in every hook', async () => {
    @Module({ providers: [HooksService] })
    class HooksModule {}
    @Module({ imports: [HooksModule, LayerCacheTestingModule.forRoot()] })
    class RootModule {}
    const app = await make(RootModule);
    await app.init();
    const hooks = app.get(HooksService);
    await app.close();
    assert.deepEqual(hooks.seen, [
      'onModuleInit: 1',
      'onApplicationBootstrap: 1',
      'onModuleDestroy: 1',
      'beforeApplicationShutdown: 1',
      'onApplicationShutdown: 1',
    ]);
  });
});

void describe('A clock of the test', () => {
  void it('ends what has lived its time', async () => {
    const clock = new ManualClock();
    @Module({ imports: [LayerCacheTestingModule.forRoot({ clock })], providers: [UsersService] })
    class ClockModule {}
    const app = await make(ClockModule);
    await app.init();
    const users = app.get(UsersService);
    await users.find('1');
    await clock.advance(299_999);
    await users.find('1');
    assert.deepEqual(users.calls, ['find 1']);
    await clock.advance(30_001);
    await users.find('1');
    assert.deepEqual(users.calls, ['find 1', 'find 1']);
    await app.close();
  });

  void it('lets a refresh behind its callers come to its end before the application does', async () => {
    const clock = new ManualClock();
    @Module({ imports: [LayerCacheTestingModule.forRoot({ clock })], providers: [UsersService] })
    class ClockModule {}
    const app = await make(ClockModule);
    await app.init();
    const users = app.get(UsersService);
    await users.find('1');
    await clock.advance(300_001);
    let refreshed: () => void = () => undefined;
    users.gate = new Promise((resolve) => {
      refreshed = resolve;
    });
    await users.find('1');
    const events: string[] = [];
    const closed = app.close().then(() => events.push('closed'));
    await clock.advance(0);
    events.push('refreshed');
    refreshed();
    await closed;
    assert.deepEqual(events, ['refreshed', 'closed']);
    assert.deepEqual(users.calls, ['find 1', 'find 1']);
  });
});
