import { Injectable, SetMetadata } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { Cached, CacheService, CacheTags, InvalidateTags } from '../../lib/index.js';
import { start } from '../support/applications.js';

@Injectable()
class Users {
  readonly country = 'at';
  loads = 0;

  @Cached()
  @CacheTags('users')
  find(_id: string): Promise<number> {
    return Promise.resolve(++this.loads);
  }

  twice(id: string): Promise<number[]> {
    return Promise.all([this.find(id), this.find(id)]);
  }

  @InvalidateTags('users')
  update(): Promise<void> {
    return Promise.resolve();
  }
}

/** One that has been called, in an application. */
async function calledUsers(): Promise<Users> {
  const users = (await start({ providers: [Users] })).app.get(Users);
  await users.find('1');
  await users.find('1');
  await users.update();
  return users;
}

describe('An instance with decorated methods stays clean:', () => {
  it('it equals one made by hand', async () => {
    const users = await calledUsers();
    expect(users).toEqual(Object.assign(new Users(), { loads: 1 }));
    expect(users).toStrictEqual(Object.assign(new Users(), { loads: 1 }));
  });

  it('it has the keys it was written with, however they are listed', async () => {
    const users = await calledUsers();
    const listed: string[] = [];
    for (const key in users) listed.push(key);
    expect(listed).toEqual(['country', 'loads']);
    expect(Object.keys(users)).toEqual(['country', 'loads']);
    expect(Object.getOwnPropertyNames(users)).toEqual(['country', 'loads']);
    // oxlint-disable-next-line typescript/no-misused-spread -- which is what it is about
    expect(Reflect.ownKeys({ ...users })).toEqual(['country', 'loads']);
  });

  it('it is written as JSON and cloned as its fields', async () => {
    const users = await calledUsers();
    expect(JSON.stringify(users)).toBe('{"country":"at","loads":1}');
    expect(structuredClone(users)).toEqual({ country: 'at', loads: 1 });
  });
});

describe('An instance that', () => {
  it('is frozen is cached all the same', async () => {
    let loads = 0;
    @Injectable()
    class Frozen {
      constructor() {
        Object.freeze(this);
      }

      @Cached()
      find(): Promise<number> {
        return Promise.resolve(++loads);
      }
    }
    const frozen = (await start({ providers: [Frozen] })).app.get(Frozen);
    expect([await frozen.find(), await frozen.find()]).toEqual([1, 1]);
  });

  it('has private fields can use them in methods and functions of decorators', async () => {
    @Injectable()
    class Private {
      #loads = 0;
      readonly #tenant = 'a';

      get tenant(): string {
        return this.#tenant;
      }

      @Cached({
        key(this: Private, id: string) {
          return [this.tenant, id];
        },
      })
      find(_id: string): Promise<number> {
        return Promise.resolve(++this.#loads);
      }
    }
    const instance = (await start({ providers: [Private] })).app.get(Private);
    expect([await instance.find('1'), await instance.find('1')]).toEqual([1, 1]);
  });

  it('calls its own method calls the cached one', async () => {
    const users = (await start({ providers: [Users] })).app.get(Users);
    expect(await users.twice('1')).toEqual([1, 1]);
  });

  it('lies behind a proxy is cached as one', async () => {
    const users = (await start({ providers: [Users] })).app.get(Users);
    const seen = new Proxy(users, {});
    expect([await seen.find('1'), await users.find('1')]).toEqual([1, 1]);
  });

  it('another object inherits from does not lend it its values', async () => {
    @Injectable()
    class Prices {
      currency = 'EUR';

      @Cached()
      of(item: string): Promise<string> {
        return Promise.resolve(`${item} in ${this.currency}`);
      }

      in(currency: string): Prices {
        return Object.assign(Object.create(this) as Prices, { currency });
      }
    }
    const prices = (await start({ providers: [Prices] })).app.get(Prices);
    expect(await prices.of('tea')).toBe('tea in EUR');
    expect(await prices.in('USD').of('tea')).toBe('tea in USD');
  });
});

describe('A decorated method', () => {
  @Injectable()
  class Decorated {
    @SetMetadata('above', 1)
    @Cached()
    @CacheTags('a')
    @SetMetadata('below', 2)
    cached(_a: string, _b: number, _c = 1): Promise<void> {
      return Promise.resolve();
    }

    @SetMetadata('above', 3)
    @InvalidateTags('a')
    @SetMetadata('below', 4)
    invalidating(_a: string): Promise<void> {
      return Promise.resolve();
    }
  }

  it('keeps its name', () => {
    expect([Decorated.prototype.cached.name, Decorated.prototype.invalidating.name]).toEqual([
      'cached',
      'invalidating',
    ]);
  });

  it('keeps its length', () => {
    expect([Decorated.prototype.cached.length, Decorated.prototype.invalidating.length]).toEqual([2, 1]);
  });

  it.each(['cached', 'invalidating'] as const)('keeps what decorators above and below wrote (%s)', (method) => {
    const written = ['above', 'below'].map((key) => Reflect.getMetadata(key, Decorated.prototype[method]) as unknown);
    expect(written).toEqual(method === 'cached' ? [1, 2] : [3, 4]);
  });

  it('that was taken off its instance runs uncached, with the `this` it is given', async () => {
    function whoAmI(this: unknown): unknown {
      return this;
    }
    class Detachable {
      @Cached()
      find(): Promise<unknown> {
        return Promise.resolve(whoAmI.call(this));
      }
    }
    const { app } = await start({ providers: [Detachable] });
    // oxlint-disable-next-line typescript/unbound-method -- which is what it is about
    const { find } = app.get(Detachable);
    expect(await find.call(undefined as never)).toBeUndefined();
    expect(await (find as () => Promise<unknown>)()).toBeUndefined();
    expect(app.get(CacheService).stats().loads).toBe(0);
  });

  it('that was bound to its instance is cached', async () => {
    const users = (await start({ providers: [Users] })).app.get(Users);
    const find = users.find.bind(users);
    expect([await find('1'), await find('1')]).toEqual([1, 1]);
  });

  it('throws synchronously nothing that its body throws', async () => {
    @Injectable()
    class Throwing {
      @Cached()
      find(): Promise<never> {
        throw new Error('at once');
      }
    }
    const throwing = (await start({ providers: [Throwing] })).app.get(Throwing);
    const found = throwing.find();
    await expect(found).rejects.toThrow('at once');
  });
});
