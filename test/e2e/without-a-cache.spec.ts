import { Inject, Injectable, Module } from '@nestjs/common';
import { ModuleRef, NestFactory } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { firstValueFrom, Observable, of } from 'rxjs';
import { describe, expect, it } from '@jest/globals';
import { Cached, CacheTags, InvalidateTags, LayerCacheModule, loadContext } from '../../lib/index.js';
import { startPlain } from '../support/applications.js';
import { RecordingLogger } from '../support/recording-logger.js';

@Injectable()
class Users {
  loads = 0;
  updates = 0;

  @Cached({ ttl: -1, key: () => 'never asked' })
  @CacheTags('users')
  find(_id: string): Promise<number> {
    loadContext().adapt({ ttl: '1s' });
    return Promise.resolve(++this.loads);
  }

  @Cached()
  watch(): Observable<number> {
    return of(++this.loads);
  }

  @InvalidateTags('users', () => {
    throw new Error('never asked');
  })
  update(): Promise<number> {
    return Promise.resolve(++this.updates);
  }
}

const WARNING =
  'Users has methods with @Cached or @InvalidateTags, which run uncached: ' +
  'add LayerCacheModule.forRoot() to the imports of your AppModule.';

describe('A class made by hand', () => {
  it('runs as if it had no decorators', async () => {
    const users = new Users();
    expect([await users.find('1'), await users.find('1')]).toEqual([1, 2]);
    expect(await firstValueFrom(users.watch())).toBe(3);
    expect(await users.update()).toBe(1);
  });

  it('throws what its method throws, as it throws it', () => {
    class Throwing {
      @Cached()
      find(): Promise<never> {
        throw new Error('at once');
      }
    }
    expect(() => new Throwing().find()).toThrow('at once');
  });
});

describe('An application without the module', () => {
  it('runs decorated methods uncached, and warns once, at the first call', async () => {
    @Module({ providers: [Users] })
    class AppModule {}
    const logger = new RecordingLogger();
    const app = await NestFactory.createApplicationContext(AppModule, { logger });
    expect(logger.of('warn')).toEqual([]);
    const users = app.get(Users);
    expect([await users.find('1'), await users.find('1')]).toEqual([1, 2]);
    expect(await users.update()).toBe(1);
    expect(logger.of('warn')).toEqual([WARNING]);
    await app.close();
  });

  it('warns once, however many modules and classes it has', async () => {
    @Injectable()
    class Orders extends Users {}
    @Module({ providers: [Orders], exports: [Orders] })
    class OrdersModule {}
    const { app, logger } = await startPlain({ imports: [OrdersModule], providers: [Users] });
    await app.get(Users).update();
    await app.get(Orders).find('1');
    expect(logger.of('warn')).toEqual([WARNING]);
  });

  it('warns again in the next application', async () => {
    const one = await startPlain({ providers: [Users] });
    await one.app.get(Users).find('1');
    const other = await startPlain({ providers: [Users] });
    await other.app.get(Users).find('1');
    expect([one.logger.of('warn'), other.logger.of('warn')]).toEqual([[WARNING], [WARNING]]);
  });

  it('runs methods of what moduleRef.create() makes uncached', async () => {
    @Injectable()
    class Creator {
      readonly moduleRef: ModuleRef;

      constructor(@Inject(ModuleRef) moduleRef: ModuleRef) {
        this.moduleRef = moduleRef;
      }
    }
    const { app } = await startPlain({ providers: [Creator] });
    const users = await app.get(Creator).moduleRef.create(Users);
    expect([await users.find('1'), await users.find('1')]).toEqual([1, 2]);
  });

  it('does not speak for one with the module', async () => {
    class Orders {
      loads = 0;

      @Cached()
      find(): Promise<number> {
        return Promise.resolve(++this.loads);
      }
    }
    const without = await startPlain({ providers: [Orders] });
    await without.app.get(Orders).find();
    const { app } = await startPlain({ imports: [LayerCacheModule.forRoot()], providers: [Orders] });
    await app.get(Orders).find();
    await app.get(Orders).find();
    expect(app.get(Orders).loads).toBe(1);
  });
});

describe('A test module without the cache module', () => {
  it('needs no start for its methods to run', async () => {
    const module = await Test.createTestingModule({ providers: [Users] })
      .setLogger(new RecordingLogger())
      .compile();
    const users = module.get(Users);
    expect([await users.find('1'), await users.find('1')]).toEqual([1, 2]);
    await module.close();
  });

  it('takes a stand-in for a decorated class', async () => {
    const module = await Test.createTestingModule({ providers: [Users] })
      .setLogger(new RecordingLogger())
      .overrideProvider(Users)
      .useValue({ find: () => Promise.resolve(7) })
      .compile();
    expect(await module.get(Users).find('1')).toBe(7);
    await module.close();
  });
});

describe('A test module with the cache module that was compiled and not started', () => {
  it('caches at the first call', async () => {
    @Injectable()
    class Orders {
      loads = 0;

      @Cached()
      find(): Promise<number> {
        return Promise.resolve(++this.loads);
      }
    }
    const module = await Test.createTestingModule({ imports: [LayerCacheModule.forRoot()], providers: [Orders] })
      .setLogger(new RecordingLogger())
      .compile();
    const orders = module.get(Orders);
    expect([await orders.find(), await orders.find()]).toEqual([1, 1]);
    await module.close();
  });
});
