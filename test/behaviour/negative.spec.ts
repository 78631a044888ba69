import { describe, expect, it } from '@jest/globals';
import { Source, settle } from '../support/source.js';
import { onEveryTopology } from '../support/topology.js';

class NotFound extends Error {}

onEveryTopology('negative caching', (build) => {
  describe.each([null, undefined])('remembers %s', (absent) => {
    it('for negativeTtl, so that the source is not asked again', async () => {
      const { cache, clock } = await build({ negativeTtl: 500 });
      const source = new Source<unknown>();
      const first = cache.getOrSet('a', source.load);
      await settle();
      source.answer(absent);
      expect(await first).toBe(absent);
      await clock.advance(499);
      expect(await cache.getOrSet('a', source.load)).toBe(absent);
      expect(source.loads).toBe(1);
      await clock.advance(1);
      const again = cache.getOrSet('a', source.load);
      await settle();
      expect(source.loads).toBe(2);
      source.answer('there now');
      expect(await again).toBe('there now');
    });

    it('as what it is, kept apart from a miss', async () => {
      const { cache } = await build();
      await cache.set('a', absent);
      expect(await cache.get('a')).toBe(absent);
      expect(await cache.has('a')).toBe(true);
      expect(await cache.lookup('a')).toMatchObject({ found: true, value: absent, negative: true });
      expect(await cache.lookup('b')).toEqual({ found: false });
    });

    it('never, when negativeTtl is false', async () => {
      const { cache } = await build({ negativeTtl: false });
      let loads = 0;
      const read = () =>
        cache.getOrSet('a', () => {
          loads++;
          return absent;
        });
      await read();
      expect(await read()).toBe(absent);
      expect(loads).toBe(2);
      await cache.set('a', absent);
      expect(await cache.has('a')).toBe(false);
    });
  });

  it('remembers no longer than ttl', async () => {
    const { cache, clock } = await build({ ttl: 100, negativeTtl: '1h' });
    await cache.getOrSet('a', () => null);
    await clock.advance(100);
    expect(await cache.has('a')).toBe(false);
  });

  it('remembers an error that the predicate takes for an answer, and throws the same object again', async () => {
    const { cache, clock, heard } = await build({
      negativeTtl: 500,
      isNegativeError: (error) => error instanceof NotFound,
    });
    const notFound = new NotFound('no such user');
    let loads = 0;
    const read = () =>
      cache.getOrSet('a', () => {
        loads++;
        return Promise.reject(notFound);
      });
    await expect(read()).rejects.toBe(notFound);
    await expect(read()).rejects.toBe(notFound);
    expect(loads).toBe(1);
    expect(heard.of('negativeHit')).toEqual([['a', 'memory']]);
    await clock.advance(500);
    await expect(read()).rejects.toBe(notFound);
    expect(loads).toBe(2);
  });

  it('lets an old value not hide an error that is an answer', async () => {
    const { cache, clock } = await build({
      ttl: 1_000,
      staleIfError: '1h',
      isNegativeError: (error) => error instanceof NotFound,
    });
    const notFound = new NotFound('deleted');
    await cache.set('a', 'old');
    await clock.advance(1_000);
    await expect(cache.getOrSet('a', () => Promise.reject(notFound))).rejects.toBe(notFound);
  });

  it('does not remember other errors', async () => {
    const { cache } = await build({ isNegativeError: (error) => error instanceof NotFound });
    await expect(cache.getOrSet('a', () => Promise.reject(new Error('down')))).rejects.toThrow('down');
    expect(await cache.getOrSet('a', () => 'up again')).toBe('up again');
  });

  it('shows a remembered error to getOrSet alone: it is no value', async () => {
    const { cache } = await build({ isNegativeError: () => true });
    await expect(cache.getOrSet('a', () => Promise.reject(new NotFound()))).rejects.toThrow(NotFound);
    expect(await cache.get('a')).toBeUndefined();
    expect(await cache.has('a')).toBe(false);
    expect(await cache.lookup('a')).toEqual({ found: false });
  });

  it('is lifted by an invalidation: what was just created is seen', async () => {
    const { cache } = await build({ isNegativeError: () => true });
    const read = (load: () => string | Promise<string>) => cache.getOrSet('a', load, { tags: ['users'] });
    await expect(read(() => Promise.reject(new NotFound()))).rejects.toThrow(NotFound);
    await cache.invalidateTags('users');
    expect(await read(() => 'created')).toBe('created');
  });

  it('hands the loader’s error on when the predicate itself throws', async () => {
    const fault = new Error('predicate is broken');
    const { cache, heard } = await build({
      isNegativeError: () => {
        throw fault;
      },
    });
    const failure = new Error('source is down');
    await expect(cache.getOrSet('a', () => Promise.reject(failure))).rejects.toBe(failure);
    expect(heard.of('error')).toEqual([['isNegativeError', fault]]);
  });
});
