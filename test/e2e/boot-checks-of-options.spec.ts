import { Injectable } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { Cached, type CachedOptions, CacheTags, InvalidateTags, LayerCacheConfigError } from '../../lib/index.js';
import { LayerCacheTestingModule } from '../../lib/testing/index.js';
import { mistakeOf, start } from '../support/applications.js';

/** A provider with this in @Cached. */
function withOptions(options: unknown) {
  @Injectable()
  class Users {
    @Cached(options as CachedOptions)
    find(_id: string): Promise<number> {
      return Promise.resolve(1);
    }
  }
  return Users;
}

describe('The start stops at @Cached with', () => {
  it.each<[option: string, options: unknown, message: string]>([
    ['ttl', { ttl: -5 }, 'Users.find: ttl: got -5'],
    ['ttl', { ttl: 'soon' }, "Users.find: ttl: got 'soon'"],
    ['jitter', { jitter: 5 }, 'Users.find: jitter: got 5'],
    ['softTimeout', { softTimeout: '1s' }, 'Users.find: softTimeout: '],
    ['negativeTtl', { negativeTtl: true }, 'Users.find: negativeTtl: got true'],
    ['key', { key: 'id' }, "Users.find: key: got 'id', takes a function of the arguments"],
    ['when', { when: true }, 'Users.find: when: got true'],
    ['shouldCache', { shouldCache: null }, 'Users.find: shouldCache: got null'],
    ['adapt', { adapt: {} }, 'Users.find: adapt: got an object'],
    ['type', { type: 'User' }, "Users.find: type: got 'User', takes a class"],
    ['shared', { shared: 'yes' }, "Users.find: shared: got 'yes', takes true or false"],
    ['name', { name: '' }, "Users.find: name: got ''"],
    ['name', { name: 'find users' }, "Users.find: name: got 'find users'"],
    ['cache', { cache: 7 }, 'Users.find: cache: got 7'],
    ['tags', { tags: ['users'] }, 'Users.find: tags: got an array of 1, takes nothing here: write @CacheTags(…)'],
    ['@Cached', '5m', "Users.find: @Cached: got '5m'"],
    ['@Cached', null, 'Users.find: @Cached: got null'],
  ])('a bad %s, and names class, method and option', async (option, options, message) => {
    const error = await mistakeOf({ providers: [withOptions(options)] });
    expect(error).toMatchObject({ name: 'LayerCacheConfigError', code: 'LAYERCACHE_CONFIG', option });
    expect((error as Error).message).toContain(message);
  });

  it.each([
    ['tll', "'ttl'"],
    ['shoudCache', "'shouldCache'"],
    ['kye', "'key'"],
  ])('the unknown option %s, and names the nearest, %s', async (option, nearest) => {
    const error = await mistakeOf({ providers: [withOptions({ [option]: '1m' })] });
    expect(error).toMatchObject({ option, message: expect.stringMatching(/^Users\.find: /) });
    expect((error as Error).message).toContain(nearest);
  });

  it('a cache that there is not, and names those there are', async () => {
    const imports = [LayerCacheTestingModule.forRoot({ name: 'catalog' })];
    expect(await mistakeOf({ imports, providers: [withOptions({ cache: 'catalogue' })] })).toMatchObject({
      option: 'cache',
      message: "Users.find: cache: got 'catalogue', takes the name of a cache: 'default', 'catalog'",
    });
  });

  it('the bad options of a subclass’s inherited method, naming the subclass', async () => {
    class Admins extends withOptions({ ttl: 0 }) {}
    expect(await mistakeOf({ providers: [Admins] })).toMatchObject({
      message: expect.stringMatching(/^Admins\.find: ttl: /),
    });
  });

  it('options that do not go together with those of the cache', async () => {
    const error = await mistakeOf(
      { providers: [withOptions({ staleIfError: 0 })] },
      {
        staleIfError: '1h',
        softTimeout: '1s',
      },
    );
    expect(error).toMatchObject({ option: 'softTimeout', message: expect.stringMatching(/^Users\.find: /) });
  });
});

describe('What is undefined in @Cached', () => {
  it('counts as not given', async () => {
    const options = Object.fromEntries(
      ['ttl', 'cache', 'name', 'key', 'when', 'shouldCache', 'adapt', 'type', 'shared', 'tags'].map((name) => [
        name,
        undefined,
      ]),
    );
    delete options['tags'];
    const { app } = await start({ providers: [withOptions(options)] });
    expect(app).toBeDefined();
  });
});

describe('A decorator cannot stand', () => {
  it.each<[string, () => unknown]>([
    [
      'Users.find is static: @Cached',
      () => {
        class Users {
          @Cached()
          static find(): Promise<number> {
            return Promise.resolve(1);
          }
        }
        return Users;
      },
    ],
    [
      'Users.update is static: @InvalidateTags',
      () => {
        class Users {
          @InvalidateTags('users')
          static update(): Promise<number> {
            return Promise.resolve(1);
          }
        }
        return Users;
      },
    ],
  ])('on a static method: %s', (message, define) => {
    expect(define).toThrow(LayerCacheConfigError);
    expect(define).toThrow(`${message} takes a method of instances`);
  });

  it('on a method named by a symbol', () => {
    const find = Symbol('find');
    expect(() => {
      class Users {
        @Cached()
        [find](): Promise<number> {
          return Promise.resolve(1);
        }
      }
      return Users;
    }).toThrow('Users.Symbol(find) has a symbol for a name: @Cached');
  });

  it('on an accessor', () => {
    expect(() => {
      class Users {
        @Cached()
        get find(): () => Promise<number> {
          return () => Promise.resolve(1);
        }
      }
      return Users;
    }).toThrow('@Cached takes a method, not a property or an accessor.');
  });
});

describe('Several mistakes', () => {
  it('are told at once', async () => {
    @Injectable()
    class Orders {
      @CacheTags('orders')
      list(): Promise<number> {
        return Promise.resolve(1);
      }

      @Cached({ ttl: 0 })
      find(): Promise<number> {
        return Promise.resolve(1);
      }
    }
    const error = await mistakeOf({ providers: [Orders, withOptions({ key: 'id' })] });
    expect((error as Error).message.split('\n')).toEqual([
      '3 mistakes:',
      '- Orders.list: it has @CacheTags but no @Cached. Add @Cached(), or remove @CacheTags.',
      expect.stringMatching(/^- Orders\.find: ttl: got 0/),
      expect.stringMatching(/^- Users\.find: key: got 'id'/),
    ]);
  });

  it('in one method are told one after the other', async () => {
    const error = await mistakeOf({ providers: [withOptions({ ttl: 0, jitter: 5 })] });
    expect(error).toMatchObject({ option: 'ttl' });
  });

  it('in the name, the instances and the scope of one method stop at the first', async () => {
    const Users = withOptions({ name: 'find users' });
    const error = await mistakeOf({ providers: [Users, { provide: 'OTHER', useClass: Users }] });
    expect(error).toMatchObject({ option: 'name' });
  });
});
