import { describe, expect, it } from '@jest/globals';
import { createLayerCache, LoadTimeoutError, ReentrantLoadError } from '../../lib/index.js';
import { ManualClock } from '../../lib/testing/index.js';
import { affordableLoadChain } from '../../lib/engine/load-chain.js';
import { settle } from '../support/source.js';
import { onEveryTopology } from '../support/topology.js';

onEveryTopology('a load that waits for itself', (build) => {
  const failureOf = (read: Promise<unknown>): Promise<ReentrantLoadError> =>
    read.then(
      () => Promise.reject(new Error('it was answered')),
      (error: ReentrantLoadError) => error,
    );

  it('directly, is told so', async () => {
    const { cache } = await build();
    const read = (): Promise<number> => cache.getOrSet('a', read);
    const error = await failureOf(read());
    expect(error).toBeInstanceOf(ReentrantLoadError);
    expect(error.chain).toEqual(['a', 'a']);
    expect(error.message).toContain('a -> a');
  });

  it('through others and after awaits, is told the whole chain', async () => {
    const { cache } = await build();
    const read = (key: string, next: () => Promise<number>): Promise<number> =>
      cache.getOrSet(key, async () => {
        await settle();
        return next();
      });
    const error = await failureOf(
      read('a', () => read('b', () => read('c', () => read('a', () => Promise.resolve(1))))),
    );
    expect(error.chain).toEqual(['a', 'b', 'c', 'a']);
    expect(error.code).toBe('LAYERCACHE_REENTRANT_LOAD');
  });

  it('through the load of another caller, is told so instead of waiting for ever', async () => {
    const { cache } = await build();
    const read = (key: string, other: string): Promise<string> =>
      cache.getOrSet(key, async () => {
        await settle();
        return cache.getOrSet(other, () => Promise.reject(new Error('both were loading already')));
      });
    const outcomes = await Promise.allSettled([read('a', 'b'), read('b', 'a')]);
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['rejected', 'rejected']);
    expect(outcomes.some((outcome) => (outcome as PromiseRejectedResult).reason instanceof ReentrantLoadError)).toBe(
      true,
    );
  });

  it('through another cache, is told so', async () => {
    const inner = (await build()).cache;
    const outer = (await build()).cache;
    const read = (): Promise<number> => outer.getOrSet('a', () => inner.getOrSet('b', read));
    expect((await failureOf(read())).chain).toEqual(['a', 'b', 'a']);
  });

  it('frees its key: the next caller loads', async () => {
    const { cache } = await build();
    const read = (): Promise<number> => cache.getOrSet('a', read);
    await failureOf(read());
    expect(await cache.getOrSet('a', () => 1)).toBe(1);
  });

  it('names no arguments of a wrapped call in its message', async () => {
    const { cache } = await build();
    const find: (id: string) => Promise<string> = cache.wrap('Users.find', (id: string) => find(id));
    const error = await failureOf(find('S3CR3T'));
    expect(error.message).toContain('Users.find(…) -> Users.find(…)');
    expect(error.message).not.toContain('S3CR3T');
  });
});

onEveryTopology('a load that calls other keys', (build) => {
  it('may do so, also several at once that share a third', async () => {
    const { cache } = await build();
    const shared = () => cache.getOrSet('shared', () => settle().then(() => 1));
    const value = await cache.getOrSet('sum', async () => {
      const parts = await Promise.all(['x', 'y'].map((key) => cache.getOrSet(key, shared)));
      return parts.reduce((sum, part) => sum + part, 0);
    });
    expect(value).toBe(2);
  });

  it('may read its own key while an old value is there to be served', async () => {
    const { cache, clock } = await build({ ttl: 1_000, staleWhileRevalidate: '1h' });
    await cache.set('a', 'old');
    await clock.advance(1_500);
    const read = (): Promise<string> => cache.getOrSet('a', async () => `after ${await read()}`);
    expect(await read()).toBe('old');
    await settle();
    expect(await cache.get('a')).toBe('after old');
  });

  it('may leave work behind that reads the key after the load is over', async () => {
    const { cache } = await build();
    let later: Promise<string> | undefined;
    let goOn: () => void = () => undefined;
    const read = (value: string): Promise<string> => cache.getOrSet('a', () => value);
    await cache.getOrSet('a', () => {
      later = new Promise<void>((resolve) => (goOn = resolve)).then(() => read('loaded later'));
      return 'first';
    });
    await cache.delete('a');
    goOn();
    expect(await later).toBe('loaded later');
  });
});

describe('In production before Node 24, where the chain of loads is not followed,', () => {
  const inProduction = async (test: () => Promise<void>): Promise<void> => {
    const before = process.env['NODE_ENV'];
    process.env['NODE_ENV'] = 'production';
    try {
      await test();
    } finally {
      process.env['NODE_ENV'] = before;
    }
  };

  it('a load that calls itself before its first await is still told so', async () => {
    await inProduction(async () => {
      const cache = createLayerCache();
      const read = (): Promise<number> => cache.getOrSet('a', () => cache.getOrSet('b', read));
      await expect(read()).rejects.toThrow(ReentrantLoadError);
    });
  });

  it('a later one is ended by its time limit, whose error names the possibility; from Node 24 on it is seen', async () => {
    const isFollowed = affordableLoadChain(process.versions.node, 'production').complete;
    await inProduction(async () => {
      const clock = new ManualClock();
      const cache = createLayerCache({ timeout: '5s' }, { clock });
      const read = (): Promise<number> => cache.getOrSet('a', () => settle().then(read));
      const outcome = read().catch((error: unknown) => error);
      await clock.advance(5_000);
      expect(await outcome).toBeInstanceOf(isFollowed ? ReentrantLoadError : LoadTimeoutError);
      expect(String(await outcome)).toContain(isFollowed ? 'waits for itself' : 'waits for its own key');
    });
  });

  it('the choice goes by the version and the environment alone', () => {
    const followed = affordableLoadChain('20.19.0', 'test');
    expect(affordableLoadChain('24.0.0', 'production')).toBe(followed);
    expect(affordableLoadChain('22.12.0', undefined)).toBe(followed);
    expect(affordableLoadChain('22.12.0', 'production')).not.toBe(followed);
  });
});
