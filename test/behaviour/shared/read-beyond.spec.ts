import { describe, expect, it } from '@jest/globals';
import { Cluster, twoCaches } from '../../support/cluster.js';
import { settle, Source, stateOf } from '../../support/source.js';

const failing = (): Promise<never> => Promise.reject(new Error('source is down'));

/** X, which is the default. */
const BOUND = 2_000;

describe('While Redis is asked for a value, a caller', () => {
  it('who leaves waits no more, and neither loads nor misses', async () => {
    const { cluster, a } = await twoCaches();
    const source = new Source<string>();
    const leaving = new AbortController();
    a.link.hold('replies');
    const read = a.cache.getOrSet('k', source.load, { signal: leaving.signal });
    read.catch(() => undefined);
    await cluster.settle();
    leaving.abort(new Error('left'));
    await settle();
    expect(await stateOf(read)).toBe('rejected');
    await expect(read).rejects.toThrow('left');
    a.link.goOn();
    await cluster.settle();
    expect([source.loads, a.heard.names()]).toEqual([0, []]);
  });

  it.each([
    ['fresh', 0, 'hit', ['k', 'redis']],
    ['old', 1_000, 'staleHit', ['k', 'redis', 'revalidating']],
  ] as const)('is given it though its key is deleted meanwhile: %s', async (_words, age, event, told) => {
    const { cluster, a, b } = await twoCaches({ ttl: 1_000, staleWhileRevalidate: '1h' });
    await b.cache.set('k', 'there');
    await cluster.clock.advance(age);
    a.link.hold('replies');
    const source = new Source<string>();
    const read = a.cache.getOrSet('k', source.load);
    await settle();
    await b.cache.delete('k');
    await settle();
    a.link.goOn();
    expect(await read).toBe('there');
    await cluster.settle();
    expect([source.loads, a.heard.names(), a.heard.of(event)]).toEqual([0, [event], [told]]);
    expect(await a.cache.get('k')).toBeUndefined();
  });
});

describe('Where Redis has nothing but what was ended,', () => {
  it('the right to load is asked for once', async () => {
    const { cluster, a, b } = await twoCaches({ ttl: '1h' });
    await b.cache.set('k', 'old', { tags: ['t'] });
    await b.cache.invalidateTags('t');
    await cluster.settle();
    expect(await a.cache.getOrSet('k', () => 'new')).toBe('new');
    expect(a.link.asked.filter((asked) => asked === 'acquire')).toHaveLength(1);
  });
});

describe('An old value that is there for need alone', () => {
  const NEED = { ttl: 1_000, staleIfError: '1h', retryAfter: '1h' } as const;

  it('gives way to what another process has loaded meanwhile, though the load has just failed here', async () => {
    const { cluster, a, b } = await twoCaches(NEED);
    await a.cache.set('k', 'old');
    await cluster.clock.advance(1_000);
    expect(await a.cache.getOrSet('k', failing)).toBe('old');
    expect(await b.cache.getOrSet('k', () => 'new')).toBe('new');
    await cluster.settle();
    expect(await a.cache.getOrSet('k', failing)).toBe('new');
  });

  it('is served from memory, where Redis never had it', async () => {
    const { cluster, a } = await twoCaches({ ...NEED, memory: { isolation: 'share' } });
    const unwritable = { now: () => 1 };
    expect(await a.cache.getOrSet('k', () => unwritable)).toBe(unwritable);
    await cluster.clock.advance(1_000);
    expect(await a.cache.getOrSet('k', failing)).toBe(unwritable);
    expect(a.heard.of('staleHit')).toEqual([['k', 'memory', 'load-failed']]);
  });

  it('is lent by Redis where memory has let go of it', async () => {
    const { cluster, a } = await twoCaches({ ...NEED, memory: { max: 1 } });
    const source = new Source<string>();
    await a.cache.set('k', 'old');
    await cluster.clock.advance(1_000);
    const read = a.cache.getOrSet('k', source.load);
    await cluster.settle();
    await a.cache.set('other', 1);
    source.fail(new Error('source is down'));
    expect(await read).toBe('old');
  });

  it('is not lent after its key was deleted', async () => {
    const { cluster, a } = await twoCaches({ ...NEED, memory: false });
    const source = new Source<string>();
    await a.cache.set('k', 'old');
    await cluster.clock.advance(1_000);
    const read = a.cache.getOrSet('k', source.load);
    read.catch(() => undefined);
    await cluster.settle();
    await a.cache.delete('k');
    source.fail(new Error('source is down'));
    await expect(read).rejects.toThrow('source is down');
  });
});

describe('A load that is under way', () => {
  it('is joined at any age by who hears everything', async () => {
    const { cluster, a } = await twoCaches();
    const source = new Source<string>();
    const reads = [a.cache.getOrSet('k', source.load, { timeout: false })];
    await cluster.clock.advance(10 * BOUND);
    reads.push(a.cache.getOrSet('k', source.load));
    await cluster.settle();
    source.answer('v');
    expect([await Promise.all(reads), source.loads]).toEqual([['v', 'v'], 1]);
  });

  it('is joined only while it is young by who hears nothing: an invalidation of it may come so late', async () => {
    const { cluster, a } = await twoCaches({ timeout: false });
    const source = new Source<string>();
    a.link.cut();
    await cluster.clock.advance(2 * BOUND);
    const read = (): Promise<string> => a.cache.getOrSet('k', source.load);
    const reads = [read()];
    await cluster.clock.advance(BOUND - 1);
    reads.push(read());
    await cluster.settle();
    expect(source.loads).toBe(1);
    await cluster.clock.advance(1);
    reads.push(read());
    await cluster.settle();
    expect(source.loads).toBe(2);
    for (const [load, value] of ['first', 'second'].entries()) source.answer(value, load);
    expect(await Promise.all(reads)).toEqual(['first', 'first', 'second']);
  });

  it('and waits for its turn is not joined by who is forced: it may land with what another process has', async () => {
    const { cluster, a, b } = await twoCaches({ loads: 1 });
    const other = new Source<string>();
    const busy = a.cache.getOrSet('other', other.load);
    await cluster.settle();
    const plain = a.cache.getOrSet('k', () => 'of the plain one');
    await cluster.settle();
    const forced = a.cache.getOrSet('k', () => 'of the forced one', { force: true });
    await cluster.settle();
    expect(await b.cache.getOrSet('k', () => 'theirs')).toBe('theirs');
    await cluster.settle();
    other.answer('other');
    expect(await Promise.all([busy, plain, forced])).toEqual(['other', 'of the forced one', 'of the forced one']);
  });
});

describe('While Redis cannot be asked,', () => {
  it('get finds nothing beyond memory, and that is no error', async () => {
    const { cluster, a } = await twoCaches();
    a.link.cut();
    await cluster.clock.advance(2 * BOUND);
    const before = a.heard.of('error').length;
    expect([await a.cache.get('k'), await a.cache.has('k')]).toEqual([undefined, false]);
    expect(a.heard.of('error').slice(before)).toEqual([]);
  });

  it.each<[string, (cache: Awaited<ReturnType<typeof twoCaches>>['a']['cache']) => Promise<void>]>([
    ['delete', (cache) => cache.delete('k')],
    ['clear', (cache) => cache.clear()],
    ['invalidateTags', (cache) => cache.invalidateTags('t')],
    ['set', (cache) => cache.set('k', 'v')],
  ])('%s tells its caller that the others do not know yet, and why', async (_verb, invalidate) => {
    const { cluster, a } = await twoCaches();
    a.link.cut();
    await cluster.clock.advance(2 * BOUND);
    const told = invalidate(a.cache).catch((error: unknown) => error);
    await cluster.clock.advance(250);
    expect(await told).toMatchObject({ name: 'InvalidationPendingError', cause: 'it cannot be reached' });
  });
});

describe('While Redis is away,', () => {
  it('an observer hears what is ended when more was invalidated than is remembered', async () => {
    const { a } = await twoCaches();
    await a.cache.set('k', 1, { tags: ['t'] });
    await a.cache.set('other', 1, { tags: ['u'] });
    a.link.cut();
    await settle();
    const tags = Array.from({ length: 10_000 }, (_, index) => `of ${index}`);
    void a.cache.invalidateTags('t', ...tags).catch(() => undefined);
    expect([a.heard.of('evict'), a.cache.stats().entries]).toEqual([[['k', 'invalidated']], 1]);
  });
});

describe('When nobody can be asked any more,', () => {
  it('what memory holds grows old one by one, and in each process in another order', async () => {
    const { cluster, a, b } = await twoCaches({ ttl: '1h', detachedTtl: 60_000 });
    const keys = Array.from({ length: 24 }, (_, number) => `k${number}`);
    for (const { cache } of [a, b]) await Promise.all(keys.map((key) => cache.getOrSet(key, () => 'v')));
    for (const { link } of [a, b]) link.cut();
    await cluster.clock.advance(BOUND + 20_000);
    const [inA, inB] = await Promise.all(
      [a, b].map(async ({ cache }) => {
        const found = await Promise.all(keys.map((key) => cache.lookup(key)));
        return found.map((lookup) => lookup.found && lookup.state);
      }),
    );
    for (const states of [inA, inB]) expect(new Set(states)).toEqual(new Set(['fresh', 'stale']));
    expect(inA).not.toEqual(inB);
  });
});

describe('A start', () => {
  it('is over when all of Redis is reached, and not a part of it', async () => {
    const cluster = new Cluster({}, 2);
    const { cache, links } = cluster.begin();
    links[1]?.cut();
    const ready = cache.ready();
    await cluster.settle();
    expect(await stateOf(ready)).toBe('pending');
    links[1]?.restore();
    await cluster.settle();
    expect(await stateOf(ready)).toBe('fulfilled');
  });
});

describe('A null that is not to be remembered', () => {
  it('ends what there was, in every process, and takes no room', async () => {
    const { cluster, a, b } = await twoCaches({ negativeTtl: false });
    await a.cache.set('k', 'old');
    expect(await b.cache.get('k')).toBe('old');
    await a.cache.set('k', null);
    await cluster.settle();
    expect(a.cache.stats().entries).toBe(0);
    expect(await Promise.all([a, b].map(({ cache }) => cache.lookup('k')))).toEqual([
      { found: false },
      { found: false },
    ]);
    expect(await (await cluster.join()).cache.lookup('k')).toEqual({ found: false });
  });
});
