import { ForbiddenException, GoneException, HttpException, Injectable, NotFoundException } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { Cached, type CachedOptions, CacheService, InvalidateTags, loadContext } from '../../lib/index.js';
import { start } from '../support/applications.js';
import { settle, Source } from '../support/source.js';

/** An application with one method that asks a source, under these options. */
async function startWith(options: CachedOptions = {}, ofCache: Parameters<typeof start>[1] = {}) {
  @Injectable()
  class Users {
    readonly source = new Source<unknown>();

    @Cached(options)
    find(..._args: unknown[]): Promise<unknown> {
      return this.source.load(loadContext());
    }

    @InvalidateTags('users')
    update(): Promise<string> {
      return Promise.resolve('updated');
    }
  }
  const started = await start({ providers: [Users] }, ofCache);
  const users = started.app.get(Users);
  /** A call that the source answers at once, if it is asked. */
  const ask = async (answer: unknown, ...args: unknown[]): Promise<unknown> => {
    const found = users.find(...args);
    await settle();
    users.source.answer(answer);
    return found;
  };
  return { ...started, Users, users, source: users.source, ask, cache: started.app.get(CacheService) };
}

describe('Many calls at once', () => {
  it('with the same arguments are one load', async () => {
    const { users, source } = await startWith();
    const found = Promise.all([users.find('1'), users.find('1'), users.find('1')]);
    await settle();
    source.answer({ id: '1' });
    expect(await found).toEqual([{ id: '1' }, { id: '1' }, { id: '1' }]);
    expect(source.loads).toBe(1);
  });

  it('with the same arguments share its error, as the same object', async () => {
    const { users, source } = await startWith();
    const found = [users.find('1'), users.find('1')].map((call) => call.catch((error: unknown) => error));
    await settle();
    const failure = new Error('down');
    source.fail(failure);
    for (const error of await Promise.all(found)) expect(error).toBe(failure);
  });

  it('with other arguments are loads of their own', async () => {
    const { users, source } = await startWith();
    void users.find('1');
    void users.find(1);
    void users.find('1', 2);
    void users.find();
    void users.find(undefined);
    await settle();
    expect(source.loads).toBe(4);
    source.contexts.forEach((_, load) => source.answer(0, load));
  });
});

describe('A load that takes too long', () => {
  it('is given up: its signal fires, and its caller hears which method it was', async () => {
    const { users, source, clock } = await startWith({ timeout: '1s' });
    const found = users.find('1').catch((error: unknown) => error);
    await clock.advance(1_000);
    expect(await found).toMatchObject({ name: 'LoadTimeoutError', code: 'LAYERCACHE_LOAD_TIMEOUT', timeout: 1_000 });
    expect(((await found) as Error).message).toContain('Users.find');
    expect(source.contexts[0]?.signal.aborted).toBe(true);
  });

  it('is covered by the old value within staleIfError', async () => {
    const { users, ask, clock } = await startWith({ ttl: '1m', staleIfError: '1h', timeout: '1s' });
    await ask('old');
    await clock.advance(60_000);
    const found = users.find();
    await clock.advance(1_000);
    expect(await found).toBe('old');
  });
});

describe('An error', () => {
  it.each([new NotFoundException(), new GoneException(), new HttpException('nowhere', 404)])(
    'that says "not there" is remembered for five seconds and thrown as the same object (%s)',
    async (failure) => {
      const { users, source, clock } = await startWith();
      const found = users.find('1');
      await settle();
      source.fail(failure);
      await expect(found).rejects.toBe(failure);
      await clock.advance(4_999);
      await expect(users.find('1')).rejects.toBe(failure);
      expect(source.loads).toBe(1);
      await clock.advance(1);
      const again = users.find('1');
      await settle();
      source.answer('there');
      expect(await again).toBe('there');
    },
  );

  it.each([new ForbiddenException(), new HttpException('later', 503), new Error('not found')])(
    'of another kind is not remembered (%s)',
    async (failure) => {
      const { users, source } = await startWith();
      const found = users.find('1');
      await settle();
      source.fail(failure);
      await expect(found).rejects.toBe(failure);
      const again = users.find('1');
      await settle();
      source.answer('there');
      expect(await again).toBe('there');
    },
  );

  it('that says "not there" is not remembered where negativeTtl is false', async () => {
    const { users, source } = await startWith({ negativeTtl: false });
    const found = users.find('1');
    await settle();
    source.fail(new NotFoundException());
    await expect(found).rejects.toThrow(NotFoundException);
    const again = users.find('1');
    await settle();
    source.answer('there');
    expect(await again).toBe('there');
  });

  it('is remembered by what isNegativeError of the call site says', async () => {
    const failure = new Error('gone');
    const { users, source } = await startWith({ isNegativeError: (error) => error === failure });
    const found = users.find('1');
    await settle();
    source.fail(failure);
    await expect(found).rejects.toBe(failure);
    await expect(users.find('1')).rejects.toBe(failure);
    expect(source.loads).toBe(1);
  });
});

describe('keyContext', () => {
  it('is part of the key of decorated methods and of CacheService', async () => {
    let tenant = 'a';
    const { ask, cache, Users } = await startWith({}, { keyContext: () => tenant });
    expect(await ask('of a', '1')).toBe('of a');
    const key = cache.keyOf(Users, 'find', ['1']);
    expect(await cache.get(key)).toBe('of a');
    tenant = 'b';
    expect(await cache.get(key)).toBeUndefined();
    expect(await ask('of b', '1')).toBe('of b');
    tenant = 'a';
    expect(await ask('never asked', '1')).toBe('of a');
  });

  it('that gives undefined lets calls run uncached, with one warning, and refuses to write', async () => {
    const { ask, cache, logger, Users } = await startWith({}, { keyContext: () => undefined });
    expect([await ask(1, '1'), await ask(2, '1')]).toEqual([1, 2]);
    expect(logger.of('warn')).toHaveLength(1);
    const refused = expect.objectContaining({ name: 'LayerCacheKeyError' });
    await expect(cache.set('a', 1)).rejects.toEqual(refused);
    await expect(cache.delete('a')).rejects.toEqual(refused);
    await expect(cache.evict(Users, 'find', ['1'])).rejects.toEqual(refused);
  });
});

describe('A cache that is not enabled', () => {
  it('lets every decorated call run, and stores nothing', async () => {
    const { ask, users, cache } = await startWith({}, { enabled: false });
    expect([await ask(1, '1'), await ask(2, '1')]).toEqual([1, 2]);
    expect(await users.update()).toBe('updated');
    await cache.set('a', 1);
    expect(await cache.get('a')).toBeUndefined();
    expect(cache.stats().entries).toBe(0);
  });
});

describe('loadContext() in a decorated method', () => {
  it('gives key, signal and, at a refresh, the old value', async () => {
    const { ask, users, source, clock, cache, Users } = await startWith({ ttl: '1m', staleWhileRevalidate: '1m' });
    await ask('old', '1');
    expect(source.contexts[0]?.key).toBe(cache.keyOf(Users, 'find', ['1']));
    expect(source.contexts[0]?.signal.aborted).toBe(false);
    expect(source.contexts[0]?.stale).toBeUndefined();
    await clock.advance(60_000);
    expect(await users.find('1')).toBe('old');
    await settle();
    expect(source.contexts[1]?.stale).toBe('old');
    source.answer('new');
  });

  it('can keep the result from being stored', async () => {
    const { users, source } = await startWith();
    for (const answer of [1, 2]) {
      const found = users.find('1');
      await settle();
      source.contexts.at(-1)?.skip();
      source.answer(answer);
      expect(await found).toBe(answer);
    }
  });

  it('can shorten how long the result is kept', async () => {
    const { users, source, ask, clock } = await startWith({ ttl: '1h' });
    const found = users.find('1');
    await settle();
    source.contexts[0]?.adapt({ ttl: '1s' });
    source.answer(1);
    await found;
    await clock.advance(1_000);
    expect(await ask(2, '1')).toBe(2);
  });
});

describe('A call that waits for itself', () => {
  it('is told so, with the chain', async () => {
    @Injectable()
    class Trees {
      @Cached()
      async depth(id: string): Promise<number> {
        await settle();
        return 1 + (await this.depth(id));
      }
    }
    const { app } = await start({ providers: [Trees] });
    const error: unknown = await app
      .get(Trees)
      .depth('root')
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      name: 'ReentrantLoadError',
      code: 'LAYERCACHE_REENTRANT_LOAD',
      chain: ["Trees.depth('root)", "Trees.depth('root)"],
    });
  });
});

describe('An argument from which no key can be made', () => {
  it.each([
    ['a function', ['1', () => 1], 'argument 2 of Users.find: a function has no identity'],
    ['a symbol', [Symbol('a')], 'argument 1 of Users.find: a symbol has no identity'],
  ])('rejects the call, naming method and argument: %s', async (_, args, message) => {
    const { users, source } = await startWith();
    const found = users.find(...args);
    await expect(found).rejects.toMatchObject({ name: 'LayerCacheKeyError', code: 'LAYERCACHE_KEY' });
    await expect(found).rejects.toThrow(message);
    expect(source.loads).toBe(0);
  });

  it('is no hindrance where key() makes one', async () => {
    const { ask } = await startWith({ key: (id: string) => id });
    expect([await ask(1, '1', () => 1), await ask(2, '1', () => 2)]).toEqual([1, 1]);
  });
});
