import { Injectable } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { Cached, CacheService, CacheTags, getCacheToken, InvalidateTags } from '../../lib/index.js';
import { LayerCacheTestingModule } from '../../lib/testing/index.js';
import { start } from '../support/applications.js';
import { settle, Source } from '../support/source.js';

interface User {
  id: string;
  team: string;
}

/** What happened, in order. */
let happened: string[] = [];

@Injectable()
class Users {
  readonly source = new Source<User>();
  loads = 0;

  @Cached()
  @CacheTags('users', (id: string) => `user:${id}`)
  @CacheTags.ofResult((load: number, id: string) => [`load:${load}`, `of:${id}`])
  find(_id: string): Promise<number> {
    return Promise.resolve(++this.loads);
  }

  @InvalidateTags((id: string) => {
    happened.push(`tags of ${id}`);
    return `user:${id}`;
  })
  update(_id: string): Promise<User> {
    happened.push('update');
    return this.source.load({} as never);
  }

  @InvalidateTags((id: string) => [`user:${id}`, 'never-there'], 'nobody')
  @InvalidateTags.ofResult((user: User) => `user:${user.team}`)
  @InvalidateTags('load:3')
  move(id: string, team: string): Promise<User> {
    return Promise.resolve({ id, team });
  }

  @InvalidateTags.ofResult((load: number) => (load > 0 ? `load:${load}` : undefined))
  endLoad(load: number): Promise<number> {
    return Promise.resolve(load);
  }

  @InvalidateTags('users', () => {
    throw new Error('no tags');
  })
  broken(): Promise<void> {
    happened.push('broken');
    return Promise.resolve();
  }

  @InvalidateTags.ofResult(() => {
    throw new Error('no tags');
  })
  brokenAfter(): Promise<string> {
    return Promise.resolve('written');
  }

  @InvalidateTags('users')
  failing(): Promise<void> {
    throw new Error('not written');
  }
}

async function startUsers() {
  happened = [];
  const started = await start({
    imports: [LayerCacheTestingModule.forRoot({ name: 'catalog' })],
    providers: [Users],
  });
  return { ...started, users: started.app.get(Users), cache: started.app.get(CacheService) };
}

describe('@InvalidateTags', () => {
  it('computes the tags, runs the method, invalidates, and only then resolves', async () => {
    const { users, heard } = await startUsers();
    await users.find('1');
    heard.clear();
    const updated = users.update('1');
    await settle();
    expect(happened).toEqual(['tags of 1', 'update']);
    expect(heard.names()).toEqual([]);
    users.source.answer({ id: '1', team: 'a' });
    expect(await updated).toEqual({ id: '1', team: 'a' });
    expect(heard.of('invalidate')).toEqual([['tag', ['user:1']]]);
    expect(await users.find('1')).toBe(2);
  });

  it('ends what was read while the method ran', async () => {
    const { users } = await startUsers();
    const updated = users.update('1');
    expect(await users.find('1')).toBe(1);
    users.source.answer({ id: '1', team: 'a' });
    await updated;
    expect(await users.find('1')).toBe(2);
  });

  it('leaves values with other tags alone', async () => {
    const { users } = await startUsers();
    await users.find('2');
    const updated = users.update('1');
    users.source.answer({ id: '1', team: 'a' });
    await updated;
    expect(await users.find('2')).toBe(1);
  });

  it('invalidates nothing when the method fails, whose error it hands on', async () => {
    const { users, heard } = await startUsers();
    await users.find('1');
    const failure = new Error('not written');
    const updated = users.update('1');
    users.source.fail(failure);
    await expect(updated).rejects.toBe(failure);
    expect(heard.of('invalidate')).toEqual([]);
    expect(await users.find('1')).toBe(1);
  });

  it('rejects where the method throws at once', async () => {
    const { users, heard } = await startUsers();
    await expect(users.failing()).rejects.toThrow('not written');
    expect(heard.of('invalidate')).toEqual([]);
  });

  it('may stand several times on one method, of either form', async () => {
    const { users } = await startUsers();
    expect([await users.find('1'), await users.find('a'), await users.find('b')]).toEqual([1, 2, 3]);
    await users.move('1', 'a');
    expect([await users.find('1'), await users.find('a'), await users.find('b')]).toEqual([4, 5, 6]);
  });

  it('reaches every cache of the application', async () => {
    const { users, app, cache } = await startUsers();
    const catalog = app.get<CacheService>(getCacheToken('catalog'));
    await Promise.all([cache.set('a', 1, { tags: ['user:1'] }), catalog.set('a', 1, { tags: ['user:1'] })]);
    await users.move('1', 'a');
    expect([await cache.has('a'), await catalog.has('a')]).toEqual([false, false]);
  });

  it('keeps the method from running where a tag function throws', async () => {
    const { users } = await startUsers();
    await users.find('1');
    await expect(users.broken()).rejects.toThrow('no tags');
    expect(happened).toEqual([]);
    expect(await users.find('1')).toBe(1);
  });
});

describe('@InvalidateTags.ofResult', () => {
  it('makes the tags from the result', async () => {
    const { users } = await startUsers();
    await users.find('1');
    await users.endLoad(1);
    expect(await users.find('1')).toBe(2);
  });

  it('may make none', async () => {
    const { users, heard } = await startUsers();
    await users.find('1');
    await users.endLoad(0);
    expect(heard.of('invalidate')).toEqual([]);
    expect(await users.find('1')).toBe(1);
  });

  it('that throws invalidates everything in every cache, and the method resolves', async () => {
    const { users, app, logger } = await startUsers();
    const catalog = app.get<CacheService>(getCacheToken('catalog'));
    await catalog.set('a', 1);
    await users.find('1');
    expect(await users.brokenAfter()).toBe('written');
    expect(await users.find('1')).toBe(2);
    expect(await catalog.has('a')).toBe(false);
    expect(logger.of('error')).toContainEqual(
      expect.stringMatching(/^cache 'default': everything was invalidated, because the tag function of /),
    );
  });
});

describe('@CacheTags.ofResult', () => {
  it('tags a value with what its result and the arguments say', async () => {
    const { users, cache } = await startUsers();
    for (const [load, tag] of ['load:1', 'of:1'].entries()) {
      expect(await users.find('1')).toBe(load + 1);
      await cache.invalidateTags(tag);
      expect(await users.find('1')).toBe(load + 2);
    }
  });

  it('that throws leaves the value unstored', async () => {
    @Injectable()
    class Broken {
      loads = 0;

      @Cached()
      @CacheTags.ofResult(() => {
        throw new Error('no tags');
      })
      find(): Promise<number> {
        return Promise.resolve(++this.loads);
      }
    }
    const { app, logger } = await start({ providers: [Broken] });
    const broken = app.get(Broken);
    expect([await broken.find(), await broken.find()]).toEqual([1, 2]);
    expect(logger.of('error')).toEqual([
      "cache 'default': the result of Broken.find was not stored, because the tag function failed: no tags",
    ]);
  });
});

describe('A tag function that is async', () => {
  it('and rejects is refused without leaving the rejection to the process', async () => {
    const rejecting = (): never => Promise.reject(new Error('no tags')) as never;
    @Injectable()
    class Async {
      @Cached()
      @CacheTags(rejecting)
      find(): Promise<number> {
        return Promise.resolve(1);
      }

      @InvalidateTags(rejecting)
      update(): Promise<number> {
        return Promise.resolve(1);
      }
    }
    const { app } = await start({ providers: [Async] });
    expect(await app.get(Async).find()).toBe(1);
    await expect(app.get(Async).update()).rejects.toMatchObject({ name: 'LayerCacheKeyError' });
    // Jest fails a test during which a rejection stays unhandled.
    await settle();
  });
});
