import { describe, expect, it } from '@jest/globals';
import type { LayerCacheOptions } from '../../../lib/index.js';
import { twoCaches } from '../../support/cluster.js';
import { Source } from '../../support/source.js';

const down = (): never => {
  throw new Error('source is down');
};

describe('The old value', () => {
  it('that stands in for a failed load does so for retryAfter without another load', async () => {
    const { cluster, a } = await twoCaches({ ttl: 1_000, staleIfError: '1h', retryAfter: 2_000 });
    await a.cache.set('k', 'old');
    await cluster.clock.advance(1_000);
    for (let read = 0; read < 3; read++) expect(await a.cache.getOrSet('k', down)).toBe('old');
    expect(a.cache.stats()).toMatchObject({ loads: 1 });
  });

  it('stands in for a failed load in a process that never had it in memory', async () => {
    const { cluster, a, b } = await twoCaches({ ttl: 1_000, staleIfError: '1h' });
    await a.cache.set('k', 'old');
    await cluster.clock.advance(1_000);
    expect(await b.cache.getOrSet('k', down)).toBe('old');
  });

  it('stands in for a failed load where there is no memory', async () => {
    const lent: unknown[] = [];
    const observers = [{ staleHit: (...hit: readonly unknown[]) => void lent.push(hit.slice(1)) }];
    const { cluster, a } = await twoCaches({ ttl: 1_000, staleIfError: '1h', memory: false, observers });
    await a.cache.set('k', 'old');
    await cluster.clock.advance(1_000);
    expect(await a.cache.getOrSet('k', down)).toBe('old');
    expect(lent).toEqual([['k', 'redis', 'load-failed']]);
  });

  it('stands in for a slow load where there is no memory', async () => {
    const { cluster, a } = await twoCaches({ ttl: 1_000, staleIfError: '1h', softTimeout: 200, memory: false });
    await a.cache.set('k', 'old');
    await cluster.clock.advance(1_000);
    const read = a.cache.getOrSet('k', () => new Promise<string>(() => undefined), { timeout: '1s' });
    await cluster.clock.advance(1_000);
    expect(await read).toBe('old');
  });

  it('is shown to the load that replaces it where there is no memory', async () => {
    const { cluster, a } = await twoCaches({ ttl: 1_000, staleIfError: '1h', memory: false });
    await a.cache.set('k', 'old');
    await cluster.clock.advance(1_000);
    expect(await a.cache.getOrSet<unknown>('k', ({ stale }) => [stale])).toEqual(['old']);
  });

  it('is over when a load says null, though that is not remembered', async () => {
    const { cluster, a, b } = await twoCaches({ ttl: 1_000, staleWhileRevalidate: '1h', negativeTtl: false });
    await a.cache.set('k', 'old');
    await cluster.clock.advance(1_000);
    expect(await a.cache.getOrSet<string | null>('k', () => null)).toBe('old');
    await cluster.settle();
    expect(await a.cache.getOrSet<string | null>('k', () => null)).toBeNull();
    expect(await b.cache.getOrSet<string | null>('k', () => null)).toBeNull();
  });

  it('is over when a load says that there is none, by an error that is remembered for a while', async () => {
    const options = { ttl: 1_000, staleWhileRevalidate: '1h', isNegativeError: () => true } as const;
    const { cluster, a } = await twoCaches(options);
    await a.cache.set('k', 'old');
    await cluster.clock.advance(1_000);
    expect(await a.cache.getOrSet('k', down)).toBe('old');
    await cluster.settle();
    await expect(a.cache.getOrSet('k', down)).rejects.toThrow('source is down');
    await cluster.clock.advance(5_000);
    await expect(a.cache.getOrSet('k', down)).rejects.toThrow('source is down');
  });
});

/** Cut off, it takes memory at its word for as long as the last confirmation holds, and no longer. */
const UNTRUSTED_SOON = { ttl: 1_000, detachedTtl: 0 } as const;

describe('The old value of a load under way, in a process that is cut off and may serve nothing unproven,', () => {
  it.each([
    ['a refresh', {}],
    ['a forced load', { force: true }],
  ])('is served no more when memory is trusted no more: %s', async (_words, how) => {
    const { cluster, a } = await twoCaches({ ...UNTRUSTED_SOON, staleWhileRevalidate: '1h' });
    await a.cache.set('k', 'old');
    await cluster.clock.advance(1_000);
    a.link.cut();
    await cluster.clock.advance(1_000);
    const source = new Source<string>();
    const first = a.cache.getOrSet('k', source.load, how);
    await cluster.settle();
    expect(await a.cache.getOrSet('k', source.load)).toBe('old');
    await cluster.clock.advance(1_500);
    const late = a.cache.getOrSet('k', source.load);
    await cluster.settle();
    source.answer('new');
    expect(await late).toBe('new');
    expect(source.loads).toBe(1);
    await first;
  });

  it.each([
    ['memory has dropped it', true],
    ['nobody has looked since', false],
  ])('is not shown to it when it begins after memory is trusted no more: %s', async (_words, isLookedAt) => {
    const { cluster, a } = await twoCaches({ ...UNTRUSTED_SOON, staleIfError: '1h', loads: 1 });
    await a.cache.set('k', 'old');
    await cluster.clock.advance(1_000);
    a.link.cut();
    await cluster.clock.advance(1_000);
    const [other, source] = [new Source<string>(), new Source<string>()];
    const first = a.cache.getOrSet('other', other.load);
    await cluster.settle();
    const forced = a.cache.getOrSet('k', source.load, { force: true });
    await cluster.clock.advance(2_000);
    if (isLookedAt) await a.cache.get('k');
    other.answer('value');
    await first;
    await cluster.settle();
    expect(source.contexts.map(({ stale }) => stale)).toEqual([undefined]);
    source.answer('new');
    expect(await forced).toBe('new');
  });

  it('does not stand in for it when it fails after memory is trusted no more', async () => {
    const { cluster, a } = await twoCaches({ ...UNTRUSTED_SOON, staleIfError: '1h' });
    await a.cache.set('k', 'old');
    await cluster.clock.advance(1_000);
    a.link.cut();
    await cluster.clock.advance(1_000);
    const source = new Source<string>();
    const read = a.cache.getOrSet('k', source.load).catch(String);
    await cluster.clock.advance(2_000);
    source.fail(new Error('source is down'));
    expect(await read).toBe('Error: source is down');
  });
});

describe('The old value that was being fetched when its key was invalidated', () => {
  const whose = [
    ['in the same process', 'own'],
    ['in another', 'other'],
  ] as const;

  /** Its tags are asked for after it: it is over by then, and Redis may be asked again. */
  async function overtaken(options: LayerCacheOptions, by: 'own' | 'other') {
    const { cluster, a, b } = await twoCaches({ ttl: 1_000, ...options });
    await a.cache.set('k', 'old', { tags: ['t'] });
    await cluster.clock.advance(1_000);
    const source = new Source<string>();
    const ask = (): Promise<string> => b.cache.getOrSet('k', source.load).catch(String);
    b.link.hold('replies');
    const before = ask();
    await cluster.settle();
    const deleted = (by === 'own' ? b : a).cache.delete('k');
    await cluster.settle();
    b.link.goOn();
    await deleted;
    await cluster.settle();
    const after = ask();
    await cluster.settle();
    return { source, before, after };
  }

  it.each(whose)('answers who asked before, and nobody after: %s', async (_words, by) => {
    const { source, before, after } = await overtaken({ staleWhileRevalidate: '1h' }, by);
    source.answer('new');
    expect([await before, await after]).toEqual(['old', 'new']);
    expect(source.loads).toBe(1);
  });

  it.each(whose)('neither is shown to a load nor stands in for one: %s', async (_words, by) => {
    const { source, before, after } = await overtaken({ staleIfError: '1h' }, by);
    expect(source.contexts.map(({ stale }) => stale)).toEqual([undefined]);
    source.fail(new Error('source is down'));
    expect([await before, await after]).toEqual(['Error: source is down', 'Error: source is down']);
  });
});
