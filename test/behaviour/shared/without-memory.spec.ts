import { describe, expect, it } from '@jest/globals';
import { twoCaches } from '../../support/cluster.js';
import { Source, stateOf } from '../../support/source.js';

describe('Without memory', () => {
  it('get, lookup and has answer from Redis', async () => {
    const { a, b } = await twoCaches({ memory: false });
    await a.cache.set('k', 'v');
    for (const { cache } of [a, b]) {
      expect(await cache.get('k')).toBe('v');
      expect(await cache.lookup('k')).toMatchObject({ found: true, value: 'v', tier: 'redis', state: 'fresh' });
      expect(await cache.has('k')).toBe(true);
      expect(await cache.has('none')).toBe(false);
      expect(await cache.lookup('none')).toEqual({ found: false });
    }
  });

  it('one load serves all who ask at once, in every process', async () => {
    const { cluster, a, b } = await twoCaches({ memory: false });
    const source = new Source<string>();
    const reads = [a, a, b, b].map(({ cache }) => cache.getOrSet('k', source.load));
    await cluster.settle();
    source.answer('v');
    expect(await Promise.all(reads)).toEqual(['v', 'v', 'v', 'v']);
    expect(source.loads).toBe(1);
  });

  it('an old value is served, and refreshed behind by one load', async () => {
    const { cluster, a, b } = await twoCaches({ memory: false, ttl: 1_000, staleWhileRevalidate: '1h' });
    const source = new Source<string>();
    await a.cache.set('k', 'old');
    await cluster.clock.advance(2_000);
    for (const { cache } of [a, b]) expect(await cache.getOrSet('k', source.load)).toBe('old');
    await cluster.settle();
    expect(source.loads).toBe(1);
    source.answer('new');
    await cluster.settle();
    for (const { cache } of [a, b]) expect(await cache.get('k')).toBe('new');
  });

  it('an old value is served as long as its refresh takes, also by who runs that', async () => {
    const { cluster, a } = await twoCaches({ memory: false, ttl: 1_000, staleWhileRevalidate: '1h' });
    const source = new Source<string>();
    await a.cache.set('k', 'old');
    await cluster.clock.advance(2_000);
    expect(await a.cache.getOrSet('k', source.load)).toBe('old');
    await cluster.settle();
    expect(await stateOf(a.cache.getOrSet('k', source.load))).toBe('fulfilled');
    expect(source.loads).toBe(1);
  });

  it('a fresh value is served as long as an early refresh takes, also by who runs that', async () => {
    const { cluster, a } = await twoCaches({ memory: false, ttl: 10_000, refreshAhead: 0.5 });
    const source = new Source<string>();
    await a.cache.set('k', 'v');
    await cluster.clock.advance(6_000);
    expect(await a.cache.getOrSet('k', source.load)).toBe('v');
    await cluster.settle();
    expect(source.loads).toBe(1);
    expect(await stateOf(a.cache.getOrSet('k', source.load))).toBe('fulfilled');
  });

  it('an old value stands in for a load that fails, for all who wait for it', async () => {
    const { cluster, a } = await twoCaches({ memory: false, ttl: 1_000, staleIfError: '1h' });
    const source = new Source<string>();
    await a.cache.set('k', 'old');
    await cluster.clock.advance(2_000);
    const first = a.cache.getOrSet('k', source.load);
    await cluster.settle();
    const second = a.cache.getOrSet('k', source.load);
    await cluster.settle();
    source.fail(new Error('source is down'));
    expect(await Promise.allSettled([first, second])).toMatchObject([{ value: 'old' }, { value: 'old' }]);
  });

  it('nothing that was invalidated is answered from the call on, and nothing is while Redis is away', async () => {
    const { cluster, a, b } = await twoCaches({ memory: false, ttl: '1h' });
    await b.cache.set('k', 'old');
    a.link.hold('requests');
    const told = a.cache.delete('k');
    expect(await a.cache.getOrSet('k', () => 'own')).toBe('own');
    a.link.goOn();
    await told;
    expect(await b.cache.get('k')).toBeUndefined();
    a.link.cut();
    await cluster.clock.advance(3_000);
    expect(await a.cache.getOrSet('k', () => 'first')).toBe('first');
    expect(await a.cache.getOrSet('k', () => 'second')).toBe('second');
  });

  it('what cannot be written is loaded at each call, and no warning says that memory keeps it', async () => {
    class User {}
    const { a } = await twoCaches({ memory: false });
    let loads = 0;
    const load = (): User => {
      loads++;
      return new User();
    };
    for (let call = 0; call < 3; call++) await a.cache.getOrSet('k', load);
    expect(loads).toBe(3);
    expect(a.warnings).toHaveLength(1);
    expect(a.warnings[0]).not.toMatch(/stays in this process/);
  });
});

describe('An old value that memory has let go of', () => {
  it.each<[string, 'staleWhileRevalidate' | 'staleIfError']>([
    ['refreshed', 'staleWhileRevalidate'],
    ['replaced', 'staleIfError'],
  ])('is served from Redis all the time that it is %s', async (_words, window) => {
    const { cluster, a } = await twoCaches({ ttl: 1_000, [window]: '1h', memoryTtl: 500, memory: { max: 1 } });
    const source = new Source<string>();
    await a.cache.set('k', 'old');
    await cluster.clock.advance(2_000);
    const first = a.cache.getOrSet('k', source.load);
    await cluster.settle();
    await a.cache.set('another', 'v');
    const second = a.cache.getOrSet('k', source.load);
    await cluster.settle();
    source.fail(new Error('source is down'));
    expect(await Promise.allSettled([first, second])).toMatchObject([{ value: 'old' }, { value: 'old' }]);
  });
});
