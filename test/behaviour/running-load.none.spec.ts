import { describe, expect, it } from '@jest/globals';
import { createLayerCache, type LateLoadContextError, type LoadContext, loadContext } from '../../lib/index.js';
import { affordableLoadChain } from '../../lib/engine/load-chain.js';
import { settle } from '../support/source.js';
import { onEveryTopology } from '../support/topology.js';

onEveryTopology('loadContext() where nothing is loaded', (build) => {
  const useless = (context: LoadContext<unknown>): void => {
    expect(context.stale).toBeUndefined();
    expect(context.signal.aborted).toBe(false);
    context.adapt({ ttl: '1s', tags: ['t'] });
    context.skip();
  };

  it('changes nothing', async () => {
    await build();
    useless(loadContext());
    expect(loadContext().key).toBe('');
  });

  it('still refuses an option that does not exist', () => {
    expect(() => loadContext().adapt({ tll: '1s' } as object)).toThrow("Did you mean 'ttl'?");
  });

  it('is another each time, so that nobody meets what somebody else did', () => {
    expect(loadContext()).not.toBe(loadContext());
  });

  it.each([
    ['a cache that is not enabled', { enabled: false }],
    ['a key without its context', { keyContext: () => undefined }],
  ])('changes nothing in a call that goes past the cache, because of %s', async (_why, options) => {
    const { cache } = await build(options);
    let loads = 0;
    const find = cache.wrap('find', (_id: string) => {
      useless(loadContext());
      return Promise.resolve(++loads);
    });
    expect([await find('x'), await find('x'), await find('x')]).toEqual([1, 2, 3]);
  });

  it('is not that of the load around it in a call that goes past the cache', async () => {
    const bypassed = (await build({ enabled: false })).cache;
    const { cache } = await build();
    const inner = bypassed.wrap('inner', (_id: number) => {
      loadContext().skip();
      return Promise.resolve(1);
    });
    const outer = cache.wrap('outer', (id: number) => inner(id));
    await outer(1);
    expect(await cache.has('outer(1)')).toBe(true);
  });

  it('changes nothing after an await in a call that goes past the cache', async () => {
    const { cache } = await build({ enabled: false });
    const find = cache.wrap('find', async (_id: string) => {
      await settle();
      useless(loadContext());
      return 'answered';
    });
    expect(await find('x')).toBe('answered');
  });

  it('changes nothing in what a load has left behind', async () => {
    const { cache } = await build();
    let goOn: () => void = () => undefined;
    let later: Promise<void> | undefined;
    await cache.getOrSet('a', () => {
      later = new Promise<void>((resolve) => (goOn = resolve)).then(() => useless(loadContext()));
      return 1;
    });
    goOn();
    await later;
    expect(await cache.has('a')).toBe(true);
  });
});

describe('In production before Node 24, loadContext() after an await', () => {
  it('changes nothing; from Node 24 on it is told to be too late', async () => {
    const isFollowed = affordableLoadChain(process.versions.node, 'production').complete;
    const before = process.env['NODE_ENV'];
    process.env['NODE_ENV'] = 'production';
    try {
      const find = createLayerCache().wrap('find', async (_id: string) => {
        await settle();
        return loadContext().key;
      });
      const outcome = await find('x').catch((error: LateLoadContextError) => error.name);
      expect(outcome).toBe(isFollowed ? 'LateLoadContextError' : '');
    } finally {
      process.env['NODE_ENV'] = before;
    }
  });
});
