import { expect, it } from '@jest/globals';
import { Source, settle, stateOf } from '../support/source.js';
import { onEveryTopology } from '../support/topology.js';

onEveryTopology('a caller’s signal', (build) => {
  const reason = new Error('the client has gone');

  it('ends his wait with its reason', async () => {
    const { cache } = await build();
    const leaving = new AbortController();
    const read = cache.getOrSet('a', new Source<string>().load, { signal: leaving.signal });
    leaving.abort(reason);
    await expect(read).rejects.toBe(reason);
  });

  it('harms nobody else who waits for the same load', async () => {
    const { cache } = await build();
    const source = new Source<string>();
    const leaving = new AbortController();
    const first = cache.getOrSet('a', source.load, { signal: leaving.signal });
    const second = cache.getOrSet('a', source.load);
    const third = cache.getOrSet('a', source.load, { signal: new AbortController().signal });
    await settle();
    leaving.abort(reason);
    await expect(first).rejects.toBe(reason);
    expect(source.contexts[0]?.signal.aborted).toBe(false);
    source.answer('loaded');
    expect(await Promise.all([second, third])).toEqual(['loaded', 'loaded']);
    expect(await cache.get('a')).toBe('loaded');
  });

  it('gives the load up when he was the last to wait, and frees the key', async () => {
    const { cache, clock, heard } = await build();
    const atRest = clock.pending;
    const source = new Source<string>();
    const leaving = [new AbortController(), new AbortController()];
    const reads = leaving.map(({ signal }) => cache.getOrSet('a', source.load, { signal }));
    const outcome = Promise.allSettled(reads);
    await settle();
    leaving[0]?.abort(reason);
    expect(source.contexts[0]?.signal.aborted).toBe(false);
    leaving[1]?.abort(reason);
    expect(source.contexts[0]?.signal.aborted).toBe(true);
    await outcome;
    await settle();
    expect(heard.of('load')).toEqual([['a', 0, 'abandoned']]);
    expect(clock.pending).toBe(atRest);
    expect(await cache.getOrSet('a', () => 'loaded by another')).toBe('loaded by another');
    source.answer('late');
    await settle();
    expect(await cache.get('a')).toBe('loaded by another');
  });

  it('rejects at once when it has fired before, whether there is a value or not', async () => {
    const { cache } = await build();
    await cache.set('a', 1);
    const signal = AbortSignal.abort(reason);
    const source = new Source<number>();
    await expect(cache.getOrSet('a', source.load, { signal })).rejects.toBe(reason);
    await expect(cache.getOrSet('b', source.load, { signal })).rejects.toBe(reason);
    expect(source.loads).toBe(0);
  });

  it('does not end a refresh that runs behind', async () => {
    const { cache, clock } = await build({ ttl: 1_000, staleWhileRevalidate: 1_000 });
    const source = new Source<string>();
    await cache.set('a', 'old');
    await clock.advance(1_500);
    await cache.getOrSet('a', source.load);
    await clock.advance(600);
    const leaving = new AbortController();
    const read = cache.getOrSet('a', source.load, { signal: leaving.signal });
    leaving.abort(reason);
    await expect(read).rejects.toBe(reason);
    expect(source.loads).toBe(1);
    source.answer('new');
    await settle();
    expect(await cache.get('a')).toBe('new');
  });

  it('takes a caller out of the queue of loads', async () => {
    const { cache } = await build({ loads: 1 });
    const source = new Source<string>();
    const first = cache.getOrSet('a', source.load);
    const leaving = new AbortController();
    const second = cache.getOrSet('b', source.load, { signal: leaving.signal });
    await settle();
    expect(source.loads).toBe(1);
    leaving.abort(reason);
    await expect(second).rejects.toBe(reason);
    source.answer('A');
    expect(await first).toBe('A');
    expect(source.loads).toBe(1);
  });

  it('is no longer listened to once the load has ended', async () => {
    const { cache } = await build();
    const source = new Source<string>();
    const leaving = new AbortController();
    let listeners = 0;
    const { signal } = leaving;
    const counted = new Proxy(signal, {
      get(target, name) {
        if (name === 'addEventListener') {
          return (...args: Parameters<AbortSignal['addEventListener']>) => {
            listeners++;
            target.addEventListener(...args);
          };
        }
        if (name === 'removeEventListener') {
          return (...args: Parameters<AbortSignal['removeEventListener']>) => {
            listeners--;
            target.removeEventListener(...args);
          };
        }
        return Reflect.get(target, name, target) as unknown;
      },
    });
    const read = cache.getOrSet('a', source.load, { signal: counted });
    await settle();
    source.answer('loaded');
    await read;
    await settle();
    expect(listeners).toBe(0);
  });

  it('works together with an old value at hand', async () => {
    const { cache, clock } = await build({ ttl: 1_000, staleIfError: '1h' });
    const source = new Source<string>();
    await cache.set('a', 'old');
    await clock.advance(1_000);
    const leaving = new AbortController();
    const read = cache.getOrSet('a', source.load, { signal: leaving.signal });
    expect(await stateOf(read)).toBe('pending');
    leaving.abort(reason);
    await expect(read).rejects.toBe(reason);
    expect(source.contexts[0]?.signal.aborted).toBe(true);
  });
});
