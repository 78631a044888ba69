import 'reflect-metadata';
import { Injectable, Scope } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { Cached, CacheTags, InvalidateTags, loadContext } from '../../lib/index.js';
import { start, startPlain } from '../support/applications.js';

@Injectable()
class Users {
  calls = 0;

  @Cached()
  @CacheTags('users')
  find(_id: string): Promise<number> {
    return Promise.resolve(++this.calls);
  }
}

describe('An instance', () => {
  it('behind a proxy that lets nobody define anything does not fail', async () => {
    @Injectable()
    class Constant {
      @Cached()
      find(): Promise<number> {
        return Promise.resolve(1);
      }
    }
    const guarded = () => new Proxy(new Constant(), { defineProperty: () => false });
    const { app } = await start({ providers: [{ provide: Constant, useFactory: guarded }] });
    expect(await app.get(Constant).find()).toBe(1);
  });

  it('of a subclass with an accessor in front of a cached method lets the application start', async () => {
    @Injectable()
    class Delegating extends Users {
      readonly inner = new Users();
    }
    Object.defineProperty(Delegating.prototype, 'find', {
      get(this: Delegating) {
        const { inner } = this;
        return inner.find.bind(inner);
      },
    });
    const { app } = await start({ providers: [Delegating] });
    expect(await app.get(Delegating).find('1')).toBe(1);
    expect(await app.get(Delegating).find('1')).toBe(2);
  });

  it('that was copied with all its properties does not lend the copy its values', async () => {
    @Injectable()
    class Prices {
      currency = 'EUR';

      @Cached()
      find(item: string): Promise<string> {
        return Promise.resolve(`${item} in ${this.currency}`);
      }

      in(currency: string): Prices {
        const copy = Object.create(
          Object.getPrototypeOf(this) as object,
          Object.getOwnPropertyDescriptors(this),
        ) as Prices;
        copy.currency = currency;
        return copy;
      }
    }
    const { app } = await start({ providers: [Prices] });
    const prices = app.get(Prices);
    await prices.find('tea');
    expect(await prices.in('USD').find('tea')).toBe('tea in USD');
  });

  it('that outlives its application runs uncached in the next one, which has no cache', async () => {
    const users = new Users();
    const providers = [{ provide: Users, useValue: users }];
    const { app } = await start({ providers });
    await users.find('1');
    await app.close();
    await startPlain({ providers });
    expect(await users.find('1')).toBe(2);
  });

  it('that inherits from another invalidates as that does', async () => {
    @Injectable()
    class Writers {
      tenant = 'a';

      of(tenant: string): Writers {
        return Object.assign(Object.create(this) as Writers, { tenant });
      }

      @InvalidateTags('users')
      write(): Promise<void> {
        return Promise.resolve();
      }
    }
    const { app } = await start({ providers: [Users, Writers] });
    await app.get(Users).find('1');
    await app.get(Writers).of('b').write();
    expect(await app.get(Users).find('1')).toBe(2);
  });

  it('that a factory makes per request invalidates', async () => {
    @Injectable()
    class Writers {
      @InvalidateTags('users')
      write(): Promise<void> {
        return Promise.resolve();
      }
    }
    const perRequest = { provide: Writers, useFactory: () => new Writers(), scope: Scope.REQUEST };
    const { app } = await start({ providers: [Users, perRequest] });
    await app.get(Users).find('1');
    await (await app.resolve(Writers)).write();
    expect(await app.get(Users).find('1')).toBe(2);
  });
});

describe('A method reached by super within the load of its override', () => {
  it('can keep the result from being stored', async () => {
    @Injectable()
    class Base {
      calls = 0;

      @Cached()
      find(): Promise<number> {
        loadContext().skip();
        return Promise.resolve(++this.calls);
      }
    }
    @Injectable()
    class Derived extends Base {
      @Cached()
      override find(): Promise<number> {
        return super.find();
      }
    }
    const { app } = await start({ providers: [Derived] });
    await app.get(Derived).find();
    expect(await app.get(Derived).find()).toBe(2);
  });
});

describe('A property that another decorator hung on a method', () => {
  it('is found on the cached one', () => {
    const Marked = (): MethodDecorator => (_prototype, _method, descriptor) => {
      Object.assign(descriptor.value as object, { mark: 'seen' });
    };
    class Marks {
      @Cached()
      @Marked()
      find(): Promise<number> {
        return Promise.resolve(1);
      }
    }
    expect(Reflect.get(Marks.prototype, 'find')).toHaveProperty('mark', 'seen');
  });
});
