import { forwardRef, Inject, Injectable, mixin, Module } from '@nestjs/common';
import { LazyModuleLoader, ModuleRef } from '@nestjs/core';
import { describe, expect, it } from '@jest/globals';
import { Cached, CacheService } from '../../lib/index.js';
import { start } from '../support/applications.js';

/** Counts its loads, and answers with their number. */
@Injectable()
class Base {
  loads = 0;

  @Cached()
  find(id: string): Promise<string> {
    return Promise.resolve(`${id} of ${this.constructor.name}, load ${++this.loads}`);
  }
}

/** Whether a second call of the same arguments is answered by the first. */
async function isCached(users: { find(id: string): Promise<unknown> }): Promise<boolean> {
  return (await users.find('1')) === (await users.find('1'));
}

describe('A cached method works on', () => {
  it('a singleton', async () => {
    const { app } = await start({ providers: [Base] });
    expect(await isCached(app.get(Base))).toBe(true);
  });

  it('a subclass that inherits it', async () => {
    @Injectable()
    class Users extends Base {}
    const { app } = await start({ providers: [Users] });
    expect(await isCached(app.get(Users))).toBe(true);
    expect(app.get(CacheService).keyOf(Users, 'find', ['1'])).toBe("Users.find('1)");
  });

  it('a subclass whose constructor injects by itself', async () => {
    @Injectable()
    class Users extends Base {
      readonly cache: CacheService;

      constructor(@Inject(CacheService) cache: CacheService) {
        super();
        this.cache = cache;
      }
    }
    const { app } = await start({ providers: [Users] });
    expect(await isCached(app.get(Users))).toBe(true);
  });

  it('a subclass with an injected property of its own', async () => {
    @Injectable()
    class Users extends Base {
      @Inject(CacheService)
      readonly cache!: CacheService;
    }
    const { app } = await start({ providers: [Users, Base] });
    expect(app.get(Users).cache).toBeInstanceOf(CacheService);
    expect(await isCached(app.get(Users))).toBe(true);
    expect(await isCached(app.get(Base))).toBe(true);
  });

  it('two subclasses of an abstract base, which share nothing', async () => {
    abstract class Repository {
      @Cached()
      find(id: string): Promise<string> {
        return Promise.resolve(`${this.kind()} ${id}`);
      }

      abstract kind(): string;
    }
    @Injectable()
    class Users extends Repository {
      kind(): string {
        return 'user';
      }
    }
    @Injectable()
    class Orders extends Repository {
      kind(): string {
        return 'order';
      }
    }
    const { app } = await start({ providers: [Users, Orders] });
    expect(await app.get(Users).find('1')).toBe('user 1');
    expect(await app.get(Orders).find('1')).toBe('order 1');
    expect(app.get(CacheService).stats().loads).toBe(2);
  });

  it('a mixin, under a name of its own', async () => {
    const named = (name: string) => {
      class Mixin {
        loads = 0;

        @Cached({ name })
        find(id: string): Promise<string> {
          return Promise.resolve(`${name} ${id} ${++this.loads}`);
        }
      }
      return mixin(Mixin);
    };
    const [Users, Orders] = [named('users.find'), named('orders.find')];
    const { app } = await start({ providers: [Users, Orders] });
    expect(await isCached(app.get(Users))).toBe(true);
    expect(await app.get(Orders).find('1')).toBe('orders.find 1 1');
  });

  it('what a factory makes', async () => {
    const { app } = await start({ providers: [{ provide: 'USERS', useFactory: () => new Base() }] });
    expect(await isCached(app.get('USERS'))).toBe(true);
  });

  it('what an async factory makes', async () => {
    const { app } = await start({ providers: [{ provide: 'USERS', useFactory: () => Promise.resolve(new Base()) }] });
    expect(await isCached(app.get('USERS'))).toBe(true);
  });

  it('a given value', async () => {
    const { app } = await start({ providers: [{ provide: 'USERS', useValue: new Base() }] });
    expect(await isCached(app.get('USERS'))).toBe(true);
  });

  it('a class under another token', async () => {
    const { app } = await start({ providers: [{ provide: 'USERS', useClass: Base }] });
    expect(await isCached(app.get('USERS'))).toBe(true);
  });

  it('an alias, which is no second instance', async () => {
    const { app } = await start({ providers: [Base, { provide: 'USERS', useExisting: Base }] });
    await app.get(Base).find('1');
    await app.get<Base>('USERS').find('1');
    expect(app.get(Base).loads).toBe(1);
  });

  it('an alias that is a factory, which is no second instance', async () => {
    const { app } = await start({
      providers: [Base, { provide: 'USERS', inject: [Base], useFactory: (users: Base) => users }],
    });
    expect(await isCached(app.get('USERS'))).toBe(true);
  });

  it('providers that need each other', async () => {
    @Injectable()
    class Users extends Base {
      readonly orders: Base;

      constructor(@Inject(forwardRef(() => Orders)) orders: Base) {
        super();
        this.orders = orders;
      }
    }
    @Injectable()
    class Orders extends Base {
      readonly users: Base;

      constructor(@Inject(forwardRef(() => Users)) users: Base) {
        super();
        this.users = users;
      }
    }
    const { app } = await start({ providers: [Users, Orders] });
    expect(await isCached(app.get(Users).orders)).toBe(true);
    expect(await isCached(app.get(Orders).users)).toBe(true);
    expect(await isCached(app.get(Users))).toBe(true);
  });

  it('a module of its own', async () => {
    @Module({})
    class UsersModule {
      loads = 0;

      @Cached()
      find(id: string): Promise<string> {
        return Promise.resolve(`${id} ${++this.loads}`);
      }
    }
    const { app } = await start({ imports: [UsersModule] });
    expect(await isCached(app.get(UsersModule))).toBe(true);
  });

  it('providers of a module that is loaded lazily', async () => {
    @Module({ providers: [Base], exports: [Base] })
    class LazyModule {}
    const { app } = await start({});
    const lazy = await app.get(LazyModuleLoader).load(() => LazyModule);
    expect(await isCached(lazy.get(Base))).toBe(true);
    expect(app.get(CacheService).stats().loads).toBe(1);
  });

  it('an instance of a registered class that moduleRef.create() makes, if it is shared', async () => {
    @Injectable()
    class Users {
      loads = 0;

      @Cached({ shared: true })
      find(id: string): Promise<string> {
        return Promise.resolve(`${id} ${++this.loads}`);
      }
    }
    const { app } = await start({ providers: [Users] });
    const created = await app.get(ModuleRef).create(Users);
    await app.get(Users).find('1');
    await created.find('1');
    expect([app.get(Users).loads, created.loads]).toEqual([1, 0]);
  });

  it('an instance of an unregistered class that moduleRef.create() makes', async () => {
    const { app } = await start({});
    expect(await isCached(await app.get(ModuleRef).create(Base))).toBe(true);
  });
});

describe('A second instance of a class', () => {
  it('that moduleRef.create() makes runs uncached, and the log says so once', async () => {
    const { app, logger } = await start({ providers: [Base] });
    const created = await app.get(ModuleRef).create(Base);
    expect(await isCached(app.get(Base))).toBe(true);
    expect(await isCached(created)).toBe(false);
    expect(logger.of('error')).toEqual([
      'Base.find runs uncached on a second instance of its class, which may answer otherwise than the first. ' +
        'Write shared: true if they answer alike, or a key that tells them apart.',
    ]);
  });
});
