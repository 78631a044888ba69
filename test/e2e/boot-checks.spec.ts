import { Injectable, mixin, Module } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { Cached, type CachedOptions, CacheTags, InvalidateTags, LayerCacheConfigError } from '../../lib/index.js';
import { LayerCacheTestingModule } from '../../lib/testing/index.js';
import { mistakeOf, start } from '../support/applications.js';

const answer = (): Promise<number> => Promise.resolve(1);

/** A provider with this in @Cached. */
function withOptions(options: object) {
  @Injectable()
  class Users {
    @Cached(options as CachedOptions)
    find(_id: string): Promise<number> {
      return answer();
    }
  }
  return Users;
}

function mixedIn(options: CachedOptions) {
  class Mixin {
    @Cached(options)
    find(): Promise<number> {
      return answer();
    }
  }
  return mixin(Mixin);
}

describe('The start stops where a name cannot be trusted:', () => {
  it('two classes of one name', async () => {
    expect(await mistakeOf({ providers: [withOptions({}), withOptions({})] })).toMatchObject({
      name: 'LayerCacheConfigError',
      option: 'name',
      message:
        "Users.find: its name in the key, 'Users.find', is also that of another class of the same name, so that they would " +
        'share values. Write @Cached({ name: … }) on one of them.',
    });
  });

  it('two classes that were given one name', async () => {
    @Injectable()
    class Orders {
      @Cached({ name: 'find' })
      list(): Promise<number> {
        return answer();
      }
    }
    const error = await mistakeOf({ providers: [withOptions({ name: 'find' }), Orders] });
    expect(error).toMatchObject({ option: 'name', message: expect.stringContaining("'find', is also that of ") });
  });

  it('two methods of one class that were given one name', async () => {
    @Injectable()
    class Orders {
      @Cached({ name: 'orders' })
      list(): Promise<number> {
        return answer();
      }

      @Cached({ name: 'orders' })
      all(): Promise<number> {
        return answer();
      }
    }
    expect(await mistakeOf({ providers: [Orders] })).toMatchObject({ option: 'name' });
  });

  it('two subclasses of a base that gives its method a name', async () => {
    class Admins extends withOptions({ name: 'find' }) {}
    class Guests extends (Object.getPrototypeOf(Admins) as ReturnType<typeof withOptions>) {}
    expect(await mistakeOf({ providers: [Admins, Guests] })).toMatchObject({ option: 'name' });
  });

  it('two instances of one class', async () => {
    const Users = withOptions({});
    expect(await mistakeOf({ providers: [Users, { provide: 'OTHER', useClass: Users }] })).toMatchObject({
      option: 'shared',
      message:
        'Users.find: there are 2 instances of its class, which would share values. ' +
        'Write shared: true if they answer alike, or a key that tells them apart.',
    });
  });

  it('one class provided in two modules', async () => {
    const Users = withOptions({});
    @Module({ providers: [Users] })
    class A {}
    @Module({ providers: [Users] })
    class B {}
    expect(await mistakeOf({ imports: [A, B] })).toMatchObject({ option: 'shared' });
  });

  it('two instances that factories make', async () => {
    const Users = withOptions({});
    const make = { useFactory: () => new Users() };
    const providers = [
      { provide: 'A', ...make },
      { provide: 'B', ...make },
    ];
    expect(await mistakeOf({ providers })).toMatchObject({ option: 'shared' });
  });

  it('a class that mixin() named', async () => {
    const Mixed = mixedIn({});
    expect(await mistakeOf({ providers: [Mixed] })).toMatchObject({
      option: 'name',
      message:
        `${Mixed.name}.find: its class was made by mixin(), which gives it another name at every start. ` +
        'Write @Cached({ name: … }).',
    });
  });

  it('a class without a name', async () => {
    const Users = withOptions({});
    const Nameless = (() => class extends Users {})();
    Object.defineProperty(Nameless, 'name', { value: '' });
    expect(await mistakeOf({ providers: [Nameless] })).toMatchObject({ option: 'name' });
  });

  it('a name that would look like the beginning of another key', async () => {
    expect(await mistakeOf({ providers: [withOptions({ name: 'a(' })] })).toMatchObject({ option: 'name' });
  });
});

describe('The application starts where a name can be trusted:', () => {
  it.each<[string, CachedOptions]>([
    ['shared: true', { shared: true }],
    ['a key', { key: () => 'a' }],
  ])('two instances with %s', async (_, options) => {
    const Users = withOptions(options);
    const { app } = await start({ providers: [Users, { provide: 'OTHER', useClass: Users }] });
    expect(await app.get<InstanceType<typeof Users>>('OTHER').find('1')).toBe(1);
  });

  it('two classes of one name, of which one says another', async () => {
    await start({ providers: [withOptions({}), withOptions({ name: 'other.find' })] });
  });

  it('two classes of one name in different caches', async () => {
    const catalog = LayerCacheTestingModule.forRoot({ name: 'catalog' });
    await start({ imports: [catalog], providers: [withOptions({}), withOptions({ cache: 'catalog' })] });
  });

  it('one value under two tokens', async () => {
    const users = new (withOptions({}))();
    const providers = [
      { provide: 'A', useValue: users },
      { provide: 'B', useValue: users },
    ];
    await start({ providers });
  });
});

describe('The start stops at decorators that cannot work:', () => {
  it('@CacheTags without @Cached', async () => {
    @Injectable()
    class Users {
      @CacheTags('users')
      find(): Promise<number> {
        return answer();
      }
    }
    expect(await mistakeOf({ providers: [Users] })).toMatchObject({
      option: '@CacheTags',
      message: 'Users.find: it has @CacheTags but no @Cached. Add @Cached(), or remove @CacheTags.',
    });
  });

  it('@CacheTags.ofResult without @Cached', async () => {
    @Injectable()
    class Users {
      @CacheTags.ofResult(() => 'users')
      find(): Promise<number> {
        return answer();
      }
    }
    expect(await mistakeOf({ providers: [Users] })).toMatchObject({ option: '@CacheTags' });
  });

  it('@Cached with @InvalidateTags, in either order', async () => {
    @Injectable()
    class Users {
      @Cached()
      @InvalidateTags('users')
      find(): Promise<number> {
        return answer();
      }

      @InvalidateTags('users')
      @Cached()
      list(): Promise<number> {
        return answer();
      }
    }
    const error = (await mistakeOf({ providers: [Users] })) as LayerCacheConfigError;
    expect(error.option).toBe('@InvalidateTags');
    for (const method of ['find', 'list']) {
      expect(error.message).toContain(
        `Users.${method}: it has both @Cached and @InvalidateTags: a cached call does not run, and then nothing is ` +
          'invalidated. Remove one.',
      );
    }
  });

  it('@Cached twice', async () => {
    @Injectable()
    class Users {
      @Cached()
      @Cached({ ttl: '1h' })
      find(): Promise<number> {
        return answer();
      }
    }
    const error = await mistakeOf({ providers: [Users] });
    expect(error).toMatchObject({ option: '@Cached', message: 'Users.find: it has @Cached twice. Remove one.' });
  });

  it('a tag that is empty, and one that is no text', async () => {
    @Injectable()
    class Users {
      @Cached()
      @CacheTags('')
      find(): Promise<number> {
        return answer();
      }

      @InvalidateTags('users', 7 as never)
      update(): Promise<number> {
        return answer();
      }
    }
    const error = (await mistakeOf({ providers: [Users] })) as LayerCacheConfigError;
    expect(error.message).toContain('Users.find: it has a tag that is an empty text.');
    expect(error.message).toContain('Users.update: it has a tag that is of type number.');
  });

  it('@InvalidateTags without a tag', async () => {
    @Injectable()
    class Users {
      @InvalidateTags()
      update(): Promise<number> {
        return answer();
      }
    }
    expect(await mistakeOf({ providers: [Users] })).toMatchObject({ option: '@InvalidateTags' });
  });
});
