import { expect, it } from '@jest/globals';
import { LoadTimeoutError } from '../../lib/index.js';
import { Source, settle, stateOf } from '../support/source.js';
import { onEveryTopology, onMemory } from '../support/topology.js';

onEveryTopology('single flight', (build) => {
  const failure = new Error('source is down');

  it('makes one load of 10,000 concurrent calls, and gives each its value', async () => {
    const { cache } = await build();
    const source = new Source<string>();
    const reads = Array.from({ length: 10_000 }, () => cache.getOrSet('a', source.load));
    await settle();
    expect(source.loads).toBe(1);
    source.answer('loaded');
    expect(new Set(await Promise.all(reads))).toEqual(new Set(['loaded']));
    expect(source.loads).toBe(1);
  });

  it('gives every waiter the loader’s error as the same object, and then loads again', async () => {
    const { cache } = await build();
    const source = new Source<string>();
    const reads = Array.from({ length: 100 }, () => cache.getOrSet('a', source.load));
    await settle();
    source.fail(failure);
    const settled = await Promise.allSettled(reads);
    expect(settled.every((read) => read.status === 'rejected' && read.reason === failure)).toBe(true);
    expect(await cache.getOrSet('a', () => 'up again')).toBe('up again');
  });

  it.each([
    ['undefined', undefined],
    ['a text', 'oops'],
    ['null', null],
  ])('hands on even %s when that is what was thrown', async (_, thrown) => {
    const { cache } = await build();
    // oxlint-disable-next-line typescript/prefer-promise-reject-errors
    await expect(cache.getOrSet('a', () => Promise.reject(thrown))).rejects.toBe(thrown);
  });

  it('is not wedged by a loader that throws before it returns a promise', async () => {
    const { cache } = await build();
    const read = cache.getOrSet('a', () => {
      throw failure;
    });
    await expect(read).rejects.toBe(failure);
    expect(await cache.getOrSet('a', () => 'up again')).toBe('up again');
  });

  it('is not wedged by a loader that never settles: its time limit frees the key', async () => {
    const { cache, clock } = await build({ timeout: '5s' });
    const source = new Source<string>();
    const reads = [cache.getOrSet('a', source.load), cache.getOrSet('a', source.load)];
    const outcome = Promise.allSettled(reads);
    await clock.advance(4_999);
    expect(await stateOf(outcome)).toBe('pending');
    await clock.advance(1);
    for (const read of await outcome) {
      expect(read).toMatchObject({ status: 'rejected', reason: expect.any(LoadTimeoutError) });
    }
    expect(source.contexts[0]?.signal.aborted).toBe(true);
    expect(await cache.getOrSet('a', () => 'loaded by another')).toBe('loaded by another');
  });

  it('ignores what a load brings home after it was given up', async () => {
    const { cache, clock } = await build({ timeout: '5s' });
    const source = new Source<string>();
    const read = cache.getOrSet('a', source.load);
    const outcome = read.catch((error: unknown) => error);
    await clock.advance(5_000);
    source.answer('too late');
    await settle();
    expect(await outcome).toBeInstanceOf(LoadTimeoutError);
    expect(await cache.get('a')).toBeUndefined();
    source.fail(failure);
    await settle();
  });

  it('limits no load whose timeout is false', async () => {
    const { cache, clock } = await build({ timeout: false });
    const source = new Source<string>();
    const read = cache.getOrSet('a', source.load);
    await clock.advance(3_600_000);
    source.answer('at last');
    expect(await read).toBe('at last');
  });

  it('names the possibility of a load that waits for itself when time runs out, but not the arguments', async () => {
    const { cache, clock } = await build({ timeout: '5s' });
    const find = cache.wrap('Users.find', (_id: string) => new Promise<string>(() => undefined));
    const read = find('S3CR3T').catch((error: unknown) => error);
    await clock.advance(5_000);
    const error = (await read) as LoadTimeoutError;
    expect(error.message).toContain('Users.find(…)');
    expect(error.message).toContain('waits for its own key');
    expect(error.message).not.toContain('S3CR3T');
    expect(error).toMatchObject({ name: 'LoadTimeoutError', code: 'LAYERCACHE_LOAD_TIMEOUT', timeout: 5_000 });
  });

  it('keeps the loads of different keys apart', async () => {
    const { cache } = await build();
    const a = new Source<string>();
    const b = new Source<string>();
    const reads = [cache.getOrSet('a', a.load), cache.getOrSet('b', b.load)];
    await settle();
    b.answer('B');
    a.answer('A');
    expect(await Promise.all(reads)).toEqual(['A', 'B']);
  });

  it('leaves no timer behind when a load ends in time', async () => {
    const { cache, clock } = await build();
    const atRest = clock.pending;
    await cache.getOrSet('a', () => 1);
    await expect(cache.getOrSet('b', () => Promise.reject(failure))).rejects.toBe(failure);
    await settle();
    expect(clock.pending).toBe(atRest);
  });

  it('tells the observer how long each load took and how it ended', async () => {
    const { cache, clock, heard } = await build({ timeout: '5s', isNegativeError: (error) => error === failure });
    const source = new Source<string | null>();
    const load = async (key: string, ms: number, end: () => void) => {
      const read = cache.getOrSet(key, source.load).catch(() => undefined);
      await clock.advance(ms);
      end();
      await read;
    };
    await load('stored', 10, () => source.answer('value'));
    await load('null', 20, () => source.answer(null));
    await load('negative', 30, () => source.fail(failure));
    await load('failed', 40, () => source.fail(new Error('other')));
    await load('slow', 5_000, () => undefined);
    await load('overtaken', 50, () => {
      void cache.delete('overtaken');
      source.answer('old');
    });
    await cache.getOrSet('skipped', ({ skip }) => {
      skip();
      return 1;
    });
    expect(heard.of('load')).toEqual([
      ['stored', 10, 'stored'],
      ['null', 20, 'stored'],
      ['negative', 30, 'negative'],
      ['failed', 40, 'failed'],
      ['slow', 5_000, 'timeout'],
      ['overtaken', 50, 'overtaken'],
      ['skipped', 0, 'skipped'],
    ]);
    expect(cache.stats()).toMatchObject({ loads: 7, loadErrors: 2 });
  });
});

// Over Redis that is asked first.
onMemory('a load', (build) => {
  it('begins within the call', async () => {
    const { cache } = await build();
    const source = new Source<string>();
    const reads = [
      cache.getOrSet('a', source.load),
      cache.getOrSet('a', source.load),
      cache.getOrSet('b', source.load),
    ];
    expect(source.contexts.map(({ key }) => key)).toEqual(['a', 'b']);
    source.answer('A', 0);
    source.answer('B', 1);
    expect(await Promise.all(reads)).toEqual(['A', 'A', 'B']);
  });
});
