import { Inject, Injectable, Module, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import { LazyModuleLoader, ModuleRef } from '@nestjs/core';
import { describe, expect, it } from '@jest/globals';
import { Cached, CacheService, CacheTags, InjectCache, InvalidateTags } from '../../lib/index.js';
import { start } from '../support/applications.js';

@Injectable()
class Users {
  loads = 0;

  @Cached()
  @CacheTags('users')
  find(_id: string): Promise<number> {
    return Promise.resolve(++this.loads);
  }

  @InvalidateTags('users')
  update(): Promise<void> {
    return Promise.resolve();
  }
}

describe('While the application starts, a cached method', () => {
  it('that its own constructor calls does not fail', async () => {
    @Injectable()
    class Eager extends Users {
      readonly first: Promise<number>;

      constructor() {
        super();
        this.first = this.find('1');
      }
    }
    const { app } = await start({ providers: [Eager] });
    const eager = app.get(Eager);
    expect(await eager.first).toBe(1);
    expect([await eager.find('1'), await eager.find('1')]).toEqual([2, 2]);
  });

  it('that the constructor of another provider calls does not fail, and is cached after the start', async () => {
    @Injectable()
    class Reader {
      readonly first: Promise<number>;

      constructor(@Inject(Users) users: Users) {
        this.first = users.find('1');
      }
    }
    const { app, logger } = await start({ providers: [Reader, Users] });
    const before = await app.get(Reader).first;
    expect(before).toBe(1);
    const users = app.get(Users);
    expect(await users.find('1')).toBe(await users.find('1'));
    expect([...logger.of('warn'), ...logger.of('error')]).toEqual([]);
  });

  it('is cached from onModuleInit on', async () => {
    @Injectable()
    class Early extends Users implements OnModuleInit {
      async onModuleInit(): Promise<void> {
        await this.find('1');
        await this.find('1');
      }
    }
    const { app } = await start({ providers: [Early] });
    expect(app.get(Early).loads).toBe(1);
    expect(app.get(CacheService).stats()).toMatchObject({ loads: 1 });
  });

  it('is cached in the onModuleInit of a module deep below', async () => {
    @Injectable()
    class Early extends Users implements OnModuleInit {
      async onModuleInit(): Promise<void> {
        await this.find('1');
      }
    }
    @Module({ providers: [Early], exports: [Early] })
    class Deep {}
    @Module({ imports: [Deep], exports: [Deep] })
    class Middle {}
    const { app } = await start({ imports: [Middle] });
    await app.get(Early).find('1');
    expect(app.get(Early).loads).toBe(1);
  });

  it('is cached in onApplicationBootstrap', async () => {
    @Injectable()
    class Early extends Users implements OnApplicationBootstrap {
      async onApplicationBootstrap(): Promise<void> {
        await this.find('1');
      }
    }
    const { app } = await start({ providers: [Early] });
    await app.get(Early).find('1');
    expect(app.get(Early).loads).toBe(1);
  });

  it('is invalidated by what a hook calls', async () => {
    @Injectable()
    class Early extends Users implements OnModuleInit {
      async onModuleInit(): Promise<void> {
        await this.find('1');
        await this.update();
        await this.find('1');
      }
    }
    const { app } = await start({ providers: [Early] });
    expect(app.get(Early).loads).toBe(2);
  });
});

describe('While the application starts, the injected CacheService', () => {
  it('works in a constructor', async () => {
    @Injectable()
    class Warmer {
      readonly stored: Promise<void>;

      constructor(@InjectCache() cache: CacheService) {
        this.stored = cache.set('a', 1);
      }
    }
    const { app } = await start({ providers: [Warmer] });
    await app.get(Warmer).stored;
    expect(await app.get(CacheService).get('a')).toBe(1);
  });

  it('knows the key of a decorated method before the checks have run', async () => {
    @Injectable()
    class Reader {
      readonly key: string;

      constructor(@Inject(CacheService) cache: CacheService) {
        this.key = cache.keyOf(Users, 'find', ['1']);
      }
    }
    const { app } = await start({ providers: [Users, Reader] });
    expect(app.get(Reader).key).toBe("Users.find('1)");
  });
});

describe('After the start, another class of the same name', () => {
  /** Looks like the one above, and answers otherwise. */
  const strangers = () => {
    @Injectable()
    class Users {
      @Cached()
      find(_id: string): Promise<string> {
        return Promise.resolve('a stranger');
      }
    }
    return Users;
  };

  it('that moduleRef.create() makes an instance of shares no values with the first', async () => {
    const { app } = await start({ providers: [Users] });
    await app.get(Users).find('1');
    const stranger = await app.get(ModuleRef).create(strangers());
    expect(await stranger.find('1')).toBe('a stranger');
  });

  it('that comes with a lazy module shares no values with the first', async () => {
    const Stranger = strangers();
    @Module({ providers: [Stranger], exports: [Stranger] })
    class LazyModule {}
    const { app } = await start({ providers: [Users] });
    await app.get(Users).find('1');
    const lazy = await app.get(LazyModuleLoader).load(() => LazyModule);
    expect(await lazy.get(Stranger).find('1')).toBe('a stranger');
  });
});

describe('After the start, a class that its application does not list', () => {
  it('runs uncached where its cache is not there, and the log says so', async () => {
    class Orders {
      loads = 0;

      @Cached({ cache: 'catalogue' })
      find(): Promise<number> {
        return Promise.resolve(++this.loads);
      }
    }
    const { app, logger } = await start({});
    const orders = await app.get(ModuleRef).create(Orders);
    expect([await orders.find(), await orders.find()]).toEqual([1, 2]);
    expect(logger.of('error')).toEqual([expect.stringMatching(/^Orders\.find runs uncached: .*'catalogue'/)]);
  });

  it('runs uncached where its options are bad, and the log says so', async () => {
    class Orders {
      loads = 0;

      @Cached({ ttl: 0 })
      find(): Promise<number> {
        return Promise.resolve(++this.loads);
      }
    }
    const { app, logger } = await start({});
    const orders = await app.get(ModuleRef).create(Orders);
    expect([await orders.find(), await orders.find()]).toEqual([1, 2]);
    expect(logger.of('error')).toEqual([expect.stringMatching(/^Orders\.find runs uncached: .*ttl: got 0/)]);
  });

  it('runs uncached where its decorators cannot work together, and the log says so', async () => {
    class Orders {
      loads = 0;

      @Cached()
      @InvalidateTags('orders')
      update(): Promise<number> {
        return Promise.resolve(++this.loads);
      }
    }
    const { app, logger } = await start({});
    const orders = await app.get(ModuleRef).create(Orders);
    expect([await orders.update(), await orders.update()]).toEqual([1, 2]);
    expect(logger.of('error')).toEqual([expect.stringMatching(/^Orders\.update runs uncached: /)]);
  });
});

describe('The start does not stumble over', () => {
  it.each<[string, unknown]>([
    ['an object without prototype', Object.create(null)],
    ['undefined', undefined],
    ['a function', () => 1],
    ['a class', class {}],
  ])('a value that is %s', async (_, useValue) => {
    const { app } = await start({ providers: [{ provide: 'VALUE', useValue }, Users] });
    expect(await app.get(Users).find('1')).toBe(1);
  });
});
