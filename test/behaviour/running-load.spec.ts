import { expect, it } from '@jest/globals';
import { LateLoadContextError, LayerCacheError, loadContext, LoadTimeoutError } from '../../lib/index.js';
import { settle, Source } from '../support/source.js';
import { onEveryTopology } from '../support/topology.js';

onEveryTopology('loadContext() in a load', (build) => {
  it('is the context that the loader is given', async () => {
    const { cache } = await build();
    const both = await cache.getOrSet('a', (context) => [context === loadContext()]);
    expect(both).toEqual([true]);
  });

  it('names the key as the caller gave it', async () => {
    const { cache } = await build({ keyContext: () => 'acme' });
    const find = cache.wrap('find', (_id: string) => Promise.resolve(loadContext().key));
    expect(await find('x')).toBe("find('x)");
  });

  it('can adapt how the result is kept, also after an await by who kept it', async () => {
    const { cache, clock } = await build({ ttl: '1h' });
    const find = cache.wrap('find', async (_id: string) => {
      const { adapt } = loadContext();
      await settle();
      adapt({ ttl: '10s', tags: ['found'] });
      return 1;
    });
    const isKept = (): Promise<boolean> => cache.has("find('x)");
    await find('x');
    await clock.advance(9_999);
    expect(await isKept()).toBe(true);
    await clock.advance(1);
    expect(await isKept()).toBe(false);
    await find('x');
    await cache.invalidateTags('found');
    expect(await isKept()).toBe(false);
  });

  it('can keep the result from being stored', async () => {
    const { cache } = await build();
    let loads = 0;
    const find = cache.wrap('find', (_id: string) => {
      loadContext().skip();
      return Promise.resolve(++loads);
    });
    expect([await find('x'), await find('x'), await find('x')]).toEqual([1, 2, 3]);
    expect(cache.stats().entries).toBe(0);
  });

  it('holds the signal that fires when the load is given up', async () => {
    const { cache, clock } = await build({ timeout: '5s' });
    const source = new Source<number>();
    let signal: AbortSignal | undefined;
    const find = cache.wrap('find', (_id: string) => {
      ({ signal } = loadContext());
      return source.load(loadContext<number>());
    });
    const outcome = find('x').catch((error: unknown) => error);
    await clock.advance(4_999);
    expect(signal?.aborted).toBe(false);
    await clock.advance(1);
    expect(await outcome).toBeInstanceOf(LoadTimeoutError);
    expect(signal?.reason).toBe(await outcome);
  });

  it('holds the old value that is to be replaced', async () => {
    const { cache, clock } = await build({ ttl: 1_000, staleIfError: '1h' });
    const find = cache.wrap('find', (_id: string) =>
      Promise.resolve([...(loadContext<string[]>().stale ?? []), 'one']),
    );
    expect(await find('x')).toEqual(['one']);
    await clock.advance(1_000);
    expect(await find('x')).toEqual(['one', 'one']);
  });

  it('is each load of its own, however they are nested', async () => {
    const { cache } = await build();
    const seen: string[] = [];
    const note = (load: string): void => void seen.push(`${load} saw ${loadContext().key}`);
    const inner = cache.wrap('inner', (_id: number) => (note('inner'), Promise.resolve(1)));
    const outer = cache.wrap('outer', (id: number) => {
      note('outer');
      const answers = [inner(id), inner(id + 1)];
      note('outer');
      return Promise.all(answers);
    });
    await outer(1);
    expect(seen).toHaveLength(4);
    expect(new Set(seen)).toEqual(new Set(['outer saw outer(1)', 'inner saw inner(1)', 'inner saw inner(2)']));
  });

  it('is the outer one again after an inner load that threw, and after an inner hit', async () => {
    const { cache } = await build();
    const seen: string[] = [];
    const hit = cache.wrap('hit', (_id: number) => Promise.resolve(1));
    for (let turn = 0; turn < 3; turn++) await hit(1);
    const fail = cache.wrap('fail', (_id: number): Promise<number> => {
      throw new Error('down');
    });
    const outer = cache.wrap('outer', (id: number) => {
      const failure = fail(id).catch((error: Error) => seen.push(error.message));
      seen.push(loadContext().key);
      void hit(1);
      seen.push(loadContext().key);
      return failure;
    });
    await outer(1);
    expect(seen).toEqual(['outer(1)', 'outer(1)', 'down']);
  });

  it('is over when a load throws before its first await', async () => {
    const { cache } = await build();
    const fail = cache.wrap('fail', (_id: number): Promise<number> => {
      throw new Error('down');
    });
    const failure = fail(1);
    expect(loadContext().key).toBe('');
    await expect(failure).rejects.toThrow('down');
  });

  it('is that of its own load where several wait for a slot', async () => {
    const { cache } = await build({ loads: 1 });
    const find = cache.wrap('find', async (_id: number) => {
      const { key } = loadContext();
      await settle();
      return key;
    });
    expect(await Promise.all([find(1), find(2), find(3)])).toEqual(['find(1)', 'find(2)', 'find(3)']);
  });

  it('is asked for too late after an await, and says so', async () => {
    const { cache } = await build();
    const find = cache.wrap('find', async (_id: string) => {
      await settle();
      return loadContext().key;
    });
    const error = await find('x').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(LateLoadContextError);
    expect(error).toBeInstanceOf(LayerCacheError);
    expect(error).toMatchObject({ name: 'LateLoadContextError', code: 'LAYERCACHE_LATE_LOAD_CONTEXT' });
    expect(String(error)).toContain('was called after an await. Call it in the first line of the method');
  });

  it('is not that of an inner load for who asks after awaiting it', async () => {
    const { cache } = await build();
    const inner = cache.wrap('inner', (_id: number) => Promise.resolve(1));
    const outer = cache.wrap('outer', async (id: number) => {
      await inner(id);
      return loadContext().key;
    });
    await expect(outer(1)).rejects.toThrow(LateLoadContextError);
  });

  it('is that of an inner load that begins after an await of the outer one', async () => {
    const { cache } = await build();
    const inner = cache.wrap('inner', (_id: number) => Promise.resolve(loadContext().key));
    const outer = cache.wrap('outer', async (id: number) => {
      await settle();
      return inner(id);
    });
    expect(await outer(1)).toBe('inner(1)');
  });
});
