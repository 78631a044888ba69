import { expect, it } from '@jest/globals';
import { settle, Source } from '../support/source.js';
import { onEveryTopology, onMemory, type Stack } from '../support/topology.js';

const failing = (): Promise<never> => Promise.reject(new Error('source is down'));

/** A slot of one, which a load has, until it is given back. */
async function taken({ cache }: Stack): Promise<Source<string>> {
  const source = new Source<string>();
  void cache.getOrSet('other', source.load);
  await settle();
  return source;
}

onEveryTopology('an observer is told why an old value was served', (build) => {
  const OLD = { ttl: 1_000, staleWhileRevalidate: '1h' } as const;

  it('that cannot be refreshed yet: its load has failed, and then, that there are too many', async () => {
    const stack = await build({ ...OLD, loads: 1, retryAfter: 5_000 });
    const { cache, clock, heard } = stack;
    await cache.set('a', 'old');
    await clock.advance(1_000);
    await cache.getOrSet('a', failing);
    await settle();
    await taken(stack);
    await clock.advance(4_999);
    await cache.getOrSet('a', failing);
    await clock.advance(1);
    await cache.getOrSet('a', failing);
    expect(heard.of('staleHit')).toEqual([
      ['a', 'memory', 'revalidating'],
      ['a', 'memory', 'load-failed'],
      ['a', 'memory', 'too-many-loads'],
    ]);
  });

  it('in need: its load has failed, just now and a while ago; none of these reads is a miss', async () => {
    const { cache, clock, heard } = await build({ ttl: 1_000, staleIfError: '1h' });
    await cache.set('a', 'old');
    await clock.advance(1_000);
    expect([await cache.getOrSet('a', failing), await cache.getOrSet('a', failing)]).toEqual(['old', 'old']);
    expect(heard.of('staleHit')).toEqual([
      ['a', 'memory', 'load-failed'],
      ['a', expect.any(String), 'load-failed'],
    ]);
    expect(cache.stats()).toMatchObject({ staleHits: 2, misses: 0, loads: 1 });
  });

  it('in need: its load failed before it was slow', async () => {
    const { cache, clock, heard } = await build({ ttl: 1_000, staleIfError: '1h', softTimeout: 200 });
    await cache.set('a', 'old');
    await clock.advance(1_000);
    expect(await cache.getOrSet('a', failing)).toBe('old');
    expect(heard.of('staleHit')).toEqual([['a', 'memory', 'load-failed']]);
  });

  it('by get: it is to be refreshed', async () => {
    const { cache, clock, heard } = await build(OLD);
    await cache.set('a', 'old');
    await clock.advance(1_000);
    expect([await cache.get('a'), (await cache.lookup('a')).found]).toEqual(['old', true]);
    expect(heard.of('staleHit')).toEqual([
      ['a', 'memory', 'revalidating'],
      ['a', 'memory', 'revalidating'],
    ]);
    expect(cache.stats()).toMatchObject({ hits: { memory: 0 }, staleHits: 2 });
  });
});

onEveryTopology('of a read that has an old value for its need, an observer is told', (build) => {
  const NEED = { ttl: 1_000, staleIfError: '1h' } as const;

  it('that it missed, where its load was quick enough', async () => {
    const { cache, clock, heard } = await build({ ...NEED, softTimeout: 200 });
    await cache.set('a', 'old');
    await clock.advance(1_000);
    expect(await cache.getOrSet('a', () => 'new')).toBe('new');
    expect([heard.of('miss'), heard.of('hit'), heard.of('staleHit')]).toEqual([[['a']], [], []]);
  });

  it.each(['fails', 'is slow'])('that it hit, where its load %s, and another value was set meanwhile', async (how) => {
    const { cache, clock, heard } = await build({ ...NEED, softTimeout: 200 });
    const source = new Source<string>();
    await cache.set('a', 'old');
    await clock.advance(1_000);
    const read = cache.getOrSet('a', source.load);
    await settle();
    await cache.set('a', 'set');
    if (how === 'fails') source.fail(new Error('source is down'));
    else await clock.advance(200);
    expect(await read).toBe('set');
    expect([heard.of('hit'), heard.of('staleHit')]).toEqual([[['a', 'memory']], []]);
  });

  it('nothing, where its caller left before the load was slow', async () => {
    const { cache, clock, heard } = await build({ ...NEED, softTimeout: 200 });
    const source = new Source<string>();
    await cache.set('a', 'old');
    await clock.advance(1_000);
    const leaving = new AbortController();
    const reads = [leaving.signal, new AbortController().signal].map((signal) =>
      cache.getOrSet('a', source.load, { signal }).catch(() => 'left'),
    );
    await settle();
    leaving.abort();
    await clock.advance(200);
    expect(await Promise.all(reads)).toEqual(['left', 'old']);
    expect(heard.of('staleHit')).toEqual([['a', 'memory', 'load-slow']]);
  });
});

onEveryTopology('a caller with an old value for his need', (build) => {
  const NEED = { ttl: 1_000, staleIfError: '1h' } as const;

  it('joins the load that is under way, though no other could begin', async () => {
    const { cache, clock } = await build({ ...NEED, loads: 1 });
    const source = new Source<string>();
    await cache.set('a', 'old');
    await clock.advance(1_000);
    const reads = [0, 1].map(() => cache.getOrSet('a', source.load));
    await settle();
    reads.push(cache.getOrSet('a', source.load));
    await settle();
    source.answer('new');
    expect([await Promise.all(reads), source.loads]).toEqual([['new', 'new', 'new'], 1]);
  });
});

onMemory('a caller with an old value for his need', (build) => {
  // With another tier there are alarms of its own.
  it('waits without an alarm where no soft timeout was asked for', async () => {
    const { cache, clock } = await build({ ttl: 1_000, staleIfError: '1h', timeout: false });
    const source = new Source<string>();
    await cache.set('a', 'old');
    await clock.advance(1_000);
    const read = cache.getOrSet('a', source.load);
    await settle();
    expect([source.loads, clock.pending]).toEqual([1, 0]);
    source.answer('new');
    expect(await read).toBe('new');
  });
});

onMemory('what was let go of to make room', (build) => {
  // Another tier would still have it.
  it('is not served in need', async () => {
    const { cache, clock } = await build({ ttl: 1_000, staleIfError: '1h', memory: { max: 1 } });
    const source = new Source<string>();
    await cache.set('a', 'old');
    await clock.advance(1_000);
    const read = cache.getOrSet('a', source.load);
    await settle();
    await cache.set('b', 1);
    source.fail(new Error('source is down'));
    await expect(read).rejects.toThrow('source is down');
  });
});

onEveryTopology('a call that is forced', (build) => {
  it('joins a forced load of its key that waits for its turn', async () => {
    const stack = await build({ loads: 1 });
    const { cache } = stack;
    const other = await taken(stack);
    const loads: string[] = [];
    const forced = ['first', 'second'].map((name) =>
      cache.getOrSet('a', () => loads.push(name) && name, { force: true }),
    );
    await settle();
    other.answer('other');
    expect([await Promise.all(forced), loads]).toEqual([['first', 'first'], ['first']]);
  });
});

onMemory('a call that is forced', (build) => {
  // Where there is another tier, who is not forced may land with what that has.
  it('joins any load of its key that waits for its turn', async () => {
    const stack = await build({ loads: 1 });
    const { cache } = stack;
    const other = await taken(stack);
    const loads: string[] = [];
    const reads = [false, true].map((force) =>
      cache.getOrSet('a', () => loads.push(`${force}`) && `${force}`, { force }),
    );
    await settle();
    other.answer('other');
    expect([await Promise.all(reads), loads]).toEqual([['false', 'false'], ['false']]);
  });
});

onEveryTopology('who reads a second time, because his load was overtaken,', (build) => {
  it('is not given what has grown old since', async () => {
    const { cache, clock } = await build({ timeout: false });
    const source = new Source<string>();
    const reads = [cache.getOrSet<string>('a', (context) => (context.adapt({ tags: ['t'] }), source.load(context)))];
    await settle();
    await cache.invalidateTags('t');
    reads.push(cache.getOrSet('a', source.load));
    await settle();
    await cache.set('a', 'set', { ttl: 100, staleWhileRevalidate: '1h' });
    await clock.advance(100);
    source.answer('overtaken');
    await settle();
    source.answer('new');
    expect([await Promise.all(reads), source.loads]).toEqual([['overtaken', 'new'], 2]);
  });
});
