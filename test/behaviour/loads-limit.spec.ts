import { describe, expect, it } from '@jest/globals';
import { createLayerCache, LoadTimeoutError } from '../../lib/index.js';
import { ManualClock } from '../../lib/testing/index.js';
import { Busiest } from '../support/busiest.js';
import { Source, settle } from '../support/source.js';
import { onEveryTopology } from '../support/topology.js';

onEveryTopology('the limit of loads at once', (build) => {
  it('lets the others wait their turn, in their order', async () => {
    const { cache } = await build({ loads: 2 });
    const source = new Source<string>();
    const keys = ['a', 'b', 'c', 'd', 'e'];
    const reads = keys.map((key) => cache.getOrSet(key, source.load));
    await settle();
    const begun = () => source.contexts.map((context) => context.key);
    expect(begun()).toEqual(['a', 'b']);
    source.answer('B', 1);
    await reads[1];
    await settle();
    expect(begun()).toEqual(['a', 'b', 'c']);
    source.fail(new Error('down'), 2);
    await expect(reads[2]).rejects.toThrow('down');
    await settle();
    expect(begun()).toEqual(['a', 'b', 'c', 'd']);
    source.answer('A', 0);
    source.answer('D', 3);
    await settle();
    source.answer('E', 4);
    expect(await Promise.all([reads[0], reads[3], reads[4]])).toEqual(['A', 'D', 'E']);
  });

  it('is never exceeded, and lets everything through in the end', async () => {
    const { cache } = await build({ loads: 7 });
    const source = new Busiest();
    await Promise.all(Array.from({ length: 500 }, (_, index) => cache.getOrSet(`k${index}`, source.load)));
    expect(source.most).toBe(7);
    expect(cache.stats().loads).toBe(500);
  });

  it('survives a thousand waiting loads that throw at once', async () => {
    const { cache } = await build({ loads: 1 });
    const load = () => {
      throw new Error('broken');
    };
    const reads = await Promise.allSettled(
      Array.from({ length: 20_000 }, (_, index) => cache.getOrSet(`k${index}`, load)),
    );
    expect(reads.every((read) => read.status === 'rejected')).toBe(true);
    expect(await cache.getOrSet('a', () => 1)).toBe(1);
  });

  it('takes the number of an invalidation at the turn, not at the call: what waited is fresh enough', async () => {
    const { cache } = await build({ loads: 1 });
    const source = new Source<string>();
    const first = cache.getOrSet('a', source.load);
    const second = cache.getOrSet('b', source.load, { tags: ['t'] });
    await settle();
    await cache.invalidateTags('t');
    const third = cache.getOrSet('b', source.load, { tags: ['t'] });
    await settle();
    source.answer('A');
    await first;
    await settle();
    expect(source.loads).toBe(2);
    source.answer('B');
    expect(await Promise.all([second, third])).toEqual(['B', 'B']);
    expect(await cache.get('b')).toBe('B');
  });

  it('serves an old value, if there is one, rather than let its caller wait', async () => {
    const { cache, clock, heard } = await build({ loads: 1, ttl: 1_000, staleIfError: '1h' });
    const source = new Source<string>();
    await cache.set('a', 'old');
    await clock.advance(1_000);
    const busy = cache.getOrSet('b', source.load);
    await settle();
    expect(await cache.getOrSet('a', source.load)).toBe('old');
    expect(heard.of('staleHit')).toEqual([['a', expect.any(String), 'too-many-loads']]);
    source.answer('B');
    await busy;
    const read = cache.getOrSet('a', source.load);
    await settle();
    source.answer('new');
    expect(await read).toBe('new');
  });

  it('lets a refresh wait for a later reader rather than in the queue', async () => {
    const { cache, clock } = await build({ loads: 1, ttl: 1_000, staleWhileRevalidate: '1h' });
    const source = new Source<string>();
    await cache.set('a', 'old');
    await clock.advance(1_000);
    const busy = cache.getOrSet('b', source.load);
    await settle();
    expect(await cache.getOrSet('a', source.load)).toBe('old');
    await settle();
    expect(source.loads).toBe(1);
    source.answer('B');
    await busy;
    expect(await cache.getOrSet('a', source.load)).toBe('old');
    await settle();
    expect(source.loads).toBe(2);
  });

  it('ends the wait of who gets no turn within the time limit of his load', async () => {
    const { cache, clock } = await build({ loads: 1 });
    const source = new Source<string>();
    const busy = cache.getOrSet('a', source.load, { timeout: '1h' });
    const waiting = cache.getOrSet('b', source.load, { timeout: '5s' }).catch((error: unknown) => error);
    await clock.advance(5_000);
    expect(await waiting).toBeInstanceOf(LoadTimeoutError);
    expect(String(await waiting)).toContain('no load could begin');
    source.answer('A');
    expect(await busy).toBe('A');
    expect(source.loads).toBe(1);
  });

  it('gives a load that waited its whole time limit', async () => {
    const { cache, clock } = await build({ loads: 1, timeout: '5s' });
    const source = new Source<string>();
    const first = cache.getOrSet('a', source.load);
    const second = cache.getOrSet('b', source.load);
    await clock.advance(4_000);
    source.answer('A');
    await first;
    await clock.advance(4_000);
    source.answer('B');
    expect(await second).toBe('B');
  });

  it('is not held against loads that the running ones wait for', async () => {
    const { cache } = await build({ loads: 2 });
    const page = (index: number) =>
      cache.getOrSet(`page ${index}`, async () => {
        await settle();
        const parts = [0, 1, 2].map((part) => cache.getOrSet(`part ${index}.${part}`, () => settle().then(() => part)));
        return (await Promise.all(parts)).length;
      });
    expect(await Promise.all(Array.from({ length: 20 }, (_, index) => page(index)))).toEqual(Array(20).fill(3));
  });

  it('holds for the inner loads of one load as well: they share the limit and the slot they were lent', async () => {
    const { cache } = await build({ loads: 4 });
    const source = new Busiest();
    await cache.getOrSet('page', async () => {
      await settle();
      await Promise.all(Array.from({ length: 100 }, (_, index) => cache.getOrSet(`part ${index}`, source.load)));
      return 1;
    });
    expect(source.most).toBe(4);
  });
});

describe('Where the chain of loads cannot be followed,', () => {
  const inProduction = (clock: ManualClock) => {
    const before = process.env['NODE_ENV'];
    process.env['NODE_ENV'] = 'production';
    try {
      return createLayerCache({ loads: 2 }, { clock });
    } finally {
      process.env['NODE_ENV'] = before;
    }
  };

  it('loads that hold every slot their inner loads wait for are let through, the more the longer they stand', async () => {
    const clock = new ManualClock();
    const cache = inProduction(clock);
    const page = (index: number) =>
      cache.getOrSet(`page ${index}`, () => settle().then(() => cache.getOrSet(`part ${index}`, () => 1)));
    const pages = Promise.all(Array.from({ length: 10 }, (_, index) => page(index)));
    await clock.advance(10_000);
    expect(await pages).toEqual(Array(10).fill(1));
    expect(clock.pending).toBe(0);
  });

  it('a slow source is not met with ever more loads while it answers', async () => {
    const clock = new ManualClock();
    const cache = inProduction(clock);
    let running = 0;
    let most = 0;
    const slow = async () => {
      most = Math.max(most, ++running);
      await new Promise<void>((resolve) => clock.after(900, resolve));
      running--;
      return 1;
    };
    const reads = Promise.all(Array.from({ length: 20 }, (_, index) => cache.getOrSet(`k${index}`, slow)));
    await clock.advance(20_000);
    await reads;
    expect(most).toBe(2);
  });
});
