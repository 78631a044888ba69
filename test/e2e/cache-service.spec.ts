import { Inject, Injectable, Scope } from '@nestjs/common';
import { REQUEST } from '@nestjs/core';
import { describe, expect, it } from '@jest/globals';
import { Cached, CacheService, getCacheToken } from '../../lib/index.js';
import { LayerCacheTestingModule } from '../../lib/testing/index.js';
import { start } from '../support/applications.js';

@Injectable()
class Users {
  loads = 0;
  readonly tenant: string = 'a';

  @Cached()
  find(id: string, _detail?: boolean): Promise<string> {
    return Promise.resolve(`${id} ${++this.loads}`);
  }

  @Cached({
    key(this: Users, id: string) {
      return [this.tenant, id];
    },
  })
  keyed(id: string, _noise: () => void): Promise<string> {
    return Promise.resolve(`${id} ${++this.loads}`);
  }

  @Cached({ name: 'people' })
  named(id: string): Promise<string> {
    return Promise.resolve(`${id} ${++this.loads}`);
  }

  @Cached({ cache: 'catalog' })
  elsewhere(id: string): Promise<string> {
    return Promise.resolve(`${id} ${++this.loads}`);
  }

  plain(id: string): Promise<string> {
    return Promise.resolve(id);
  }
}

@Injectable()
class Admins extends Users {
  override readonly tenant = 'admins';

  @Cached({ name: 'admins' })
  override named(id: string): Promise<string> {
    return Promise.resolve(id);
  }
}

async function startUsers() {
  const started = await start({
    imports: [LayerCacheTestingModule.forRoot({ name: 'catalog' })],
    providers: [Users, Admins],
  });
  return { ...started, users: started.app.get(Users), cache: started.app.get(CacheService) };
}

describe('CacheService.keyOf gives the key', () => {
  it('of a call', async () => {
    const { users, cache } = await startUsers();
    const key = cache.keyOf(Users, 'find', ['1', true]);
    expect(await cache.get(key)).toBeUndefined();
    await users.find('1', true);
    expect(await cache.get(key)).toBe('1 1');
    expect(await cache.lookup(key)).toMatchObject({ found: true, value: '1 1', state: 'fresh', tier: 'memory' });
  });

  it('of a call whose key() asks the instance', async () => {
    const { users, cache } = await startUsers();
    await users.keyed('1', () => undefined);
    expect(await cache.get(cache.keyOf(Users, 'keyed', ['1', () => undefined]))).toBe('1 1');
  });

  it('of a method under another name', async () => {
    const { users, cache } = await startUsers();
    await users.named('1');
    expect(cache.keyOf(Users, 'named', ['1'])).toBe("people('1)");
    expect(await cache.has("people('1)")).toBe(true);
  });

  it('by which delete ends the value', async () => {
    const { users, cache } = await startUsers();
    await users.find('1');
    await cache.delete(cache.keyOf(Users, 'find', ['1']));
    expect(await users.find('1')).toBe('1 2');
  });

  it('of a method of a named cache, whatever cache is asked', async () => {
    const { users, app, cache } = await startUsers();
    await users.elsewhere('1');
    const key = cache.keyOf(Users, 'elsewhere', ['1']);
    expect(await cache.has(key)).toBe(false);
    expect(await app.get<CacheService>(getCacheToken('catalog')).has(key)).toBe(true);
  });

  it('of a subclass, which is not that of its base', async () => {
    const { app, cache } = await startUsers();
    await app.get(Admins).keyed('1', () => undefined);
    expect(await cache.get(cache.keyOf(Admins, 'keyed', ['1', () => undefined]))).toBe('1 1');
    expect(cache.keyOf(Users, 'find', ['1'])).not.toBe(cache.keyOf(Admins, 'find', ['1']));
  });

  it('and refuses arguments as the call does', async () => {
    const { cache } = await startUsers();
    expect(() => cache.keyOf(Users, 'find', [(() => 1) as never])).toThrow(/^argument 1 of Users\.find: a function/);
  });
});

describe('CacheService.evict', () => {
  it('ends the value of one call and of no other', async () => {
    const { users, cache } = await startUsers();
    await Promise.all([users.find('1'), users.find('2')]);
    await cache.evict(Users, 'find', ['1']);
    expect([await users.find('1'), await users.find('2')]).toEqual(['1 3', '2 2']);
  });

  it('goes by key() and to the cache of the method', async () => {
    const { users, cache } = await startUsers();
    await users.keyed('1', () => undefined);
    await users.elsewhere('1');
    await cache.evict(Users, 'keyed', ['1', () => undefined]);
    await cache.evict(Users, 'elsewhere', ['1']);
    expect(await users.keyed('1', () => undefined)).toBe('1 3');
    expect(await users.elsewhere('1')).toBe('1 4');
  });

  it.each([['plain'], ['nowhere']])('of a method without @Cached rejects, naming it (%s)', async (method) => {
    const { cache } = await startUsers();
    const evicted = cache.evict(Users, method as 'plain', ['1']);
    await expect(evicted).rejects.toMatchObject({ name: 'LayerCacheKeyError' });
    await expect(evicted).rejects.toThrow(`Users.${method} has no @Cached, so there is no key of it.`);
  });

  it('of a method whose cache is not there rejects, naming the caches', async () => {
    const { app } = await start({});
    const evicted = app.get(CacheService).evict(Users, 'elsewhere', ['1']);
    await expect(evicted).rejects.toThrow("cache: got 'catalog', takes the name of a cache: 'default'");
  });

  it('works where the class has no instance', async () => {
    const { app } = await start({});
    await app.get(CacheService).evict(Users, 'find', ['1']);
    expect(app.get(CacheService).keyOf(Users, 'find', ['1'])).toBe("Users.find('1)");
  });

  it('does not guess an instance where key() asks one of many', async () => {
    @Injectable({ scope: Scope.REQUEST })
    class Orders {
      readonly tenant: string;

      constructor(@Inject(REQUEST) request: { tenant?: string } | undefined) {
        this.tenant = request?.tenant ?? 'nobody';
      }

      @Cached({
        key(this: Orders, id: string) {
          return [this.tenant, id];
        },
      })
      find(id: string): Promise<string> {
        return Promise.resolve(id);
      }
    }
    const { app } = await start({ providers: [Orders] });
    await (await app.resolve(Orders)).find('1');
    const evicted = app.get(CacheService).evict(Orders, 'find', ['1']);
    await expect(evicted).rejects.toMatchObject({ name: 'LayerCacheKeyError' });
  });
});

describe('CacheService', () => {
  it('wraps a function, which then answers from the cache', async () => {
    const { cache } = await startUsers();
    let loads = 0;
    const find = cache.wrap('find', (id: string) => Promise.resolve(`${id} ${++loads}`), { ttl: '1m' });
    expect([await find('1'), await find('1'), await find('2')]).toEqual(['1 1', '1 1', '2 2']);
  });

  it('counts what decorated methods do', async () => {
    const { users, cache } = await startUsers();
    await users.find('1');
    await users.find('1');
    await users.find('1');
    expect(cache.stats()).toMatchObject({ hits: { memory: 2 }, misses: 1, loads: 1, loadErrors: 0, entries: 1 });
  });

  it('gets or sets, and clears', async () => {
    const { cache } = await startUsers();
    expect(await cache.getOrSet('a', () => 1)).toBe(1);
    expect(await cache.getOrSet('a', () => 2)).toBe(1);
    await cache.clear();
    expect(await cache.getOrSet('a', () => 2)).toBe(2);
  });
});
