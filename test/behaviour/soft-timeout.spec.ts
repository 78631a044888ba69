import { expect, it } from '@jest/globals';
import { Source, settle, stateOf } from '../support/source.js';
import { onEveryTopology } from '../support/topology.js';

onEveryTopology('the soft timeout', (build) => {
  const options = { ttl: 1_000, staleIfError: 60_000, softTimeout: 200 };

  it('serves the old value when the load is slow, and lets the load finish behind', async () => {
    const { cache, clock, heard } = await build(options);
    const source = new Source<string>();
    await cache.set('a', 'old');
    await clock.advance(1_000);
    const read = cache.getOrSet('a', source.load);
    await clock.advance(199);
    expect(await stateOf(read)).toBe('pending');
    await clock.advance(1);
    expect(await read).toBe('old');
    expect(heard.of('staleHit')).toEqual([['a', 'memory', 'load-slow']]);
    source.answer('new');
    await settle();
    expect(await cache.get('a')).toBe('new');
  });

  it('gives the new value when the load is quick enough', async () => {
    const { cache, clock } = await build(options);
    const atRest = clock.pending;
    const source = new Source<string>();
    await cache.set('a', 'old');
    await clock.advance(1_000);
    const read = cache.getOrSet('a', source.load);
    await clock.advance(150);
    source.answer('new');
    expect(await read).toBe('new');
    await settle();
    expect(clock.pending).toBe(atRest);
  });

  it('does not serve what was invalidated meanwhile, but waits for the load', async () => {
    const { cache, clock } = await build(options);
    const source = new Source<string>();
    await cache.set('a', 'old', { tags: ['t'] });
    await clock.advance(1_000);
    const read = cache.getOrSet('a', source.load);
    await settle();
    await cache.invalidateTags('t');
    await clock.advance(200);
    expect(await stateOf(read)).toBe('pending');
    source.answer('new');
    expect(await read).toBe('new');
  });

  it('waits for the load when there is no old value', async () => {
    const { cache, clock } = await build(options);
    const source = new Source<string>();
    const read = cache.getOrSet('a', source.load);
    await clock.advance(5_000);
    source.answer('new');
    expect(await read).toBe('new');
  });
});
