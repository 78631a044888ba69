import { expect, it } from '@jest/globals';
import { Source, settle } from '../support/source.js';
import { onEveryTopology, type Stack } from '../support/topology.js';

onEveryTopology('what a load has said', (build) => {
  it('is not undone by an older value when it is not to be remembered', async () => {
    const { cache, clock } = await build({
      ttl: 1_000,
      staleWhileRevalidate: '1h',
      staleIfError: '1h',
      negativeTtl: false,
    });
    await cache.set('a', 'deleted since');
    await clock.advance(1_500);
    expect(await cache.getOrSet<string | null>('a', () => null)).toBe('deleted since');
    await settle();
    expect(await cache.has('a')).toBe(false);
    expect(await cache.getOrSet<string | null>('a', () => null)).toBeNull();
  });

  it('is not undone either when it was forced', async () => {
    const { cache } = await build({ negativeTtl: false });
    await cache.set('a', 'deleted since');
    expect(await cache.getOrSet<string | null>('a', () => null, { force: true })).toBeNull();
    expect(await cache.get('a')).toBeUndefined();
  });

  it('leaves the older value alone when the load declined to have it stored', async () => {
    const { cache } = await build();
    await cache.set('a', 'old');
    await cache.getOrSet('a', ({ skip }) => (skip(), 'only for this caller'), { force: true });
    expect(await cache.get('a')).toBe('old');
  });

  it('gives way to what was stored meanwhile: a caller with an old value at hand gets the newer one', async () => {
    const { cache, clock } = await build({ ttl: 1_000, staleIfError: '1h', softTimeout: 200 });
    const source = new Source<string>();
    await cache.set('failed', 'old');
    await cache.set('slow', 'old');
    await clock.advance(1_000);
    const failed = cache.getOrSet('failed', source.load);
    await settle();
    await cache.set('failed', 'newer');
    source.fail(new Error('down'));
    expect(await failed).toBe('newer');
    const slow = cache.getOrSet('slow', source.load);
    await settle();
    await cache.set('slow', 'newer');
    await clock.advance(200);
    expect(await slow).toBe('newer');
  });

  it('is shown to the next load as any reader would get it, and a remembered error not at all', async () => {
    const { cache, clock } = await build({ ttl: 1_000, staleWhileRevalidate: '1h', isNegativeError: () => true });
    const source = new Source<{ at: Map<string, string> }>();
    await cache.set('a', { at: new Map([['k', 'v']]) });
    await clock.advance(1_000);
    await cache.getOrSet('a', source.load);
    await settle();
    source.contexts[0]?.stale?.at.set('k', 'poison');
    expect((await cache.get<{ at: Map<string, string> }>('a'))?.at.get('k')).toBe('v');
    await cache.getOrSet('e', () => Promise.reject(new Error('gone'))).catch(() => undefined);
    let stale: unknown = 'untouched';
    await cache.getOrSet('e', (context) => ((stale = context.stale), 1), { force: true });
    expect(stale).toBeUndefined();
  });
});

onEveryTopology('what a load is shown of the past', (build) => {
  const invalidations = {
    delete: (cache: Cache) => cache.delete('k'),
    invalidateTags: (cache: Cache) => cache.invalidateTags('found'),
    clear: (cache: Cache) => cache.clear(),
    set: (cache: Cache) => cache.set('k', 'newer'),
  };
  type Cache = Stack['cache'];

  it.each(Object.entries(invalidations))(
    'ends with %s, also while the load waits for its turn',
    async (_, invalidate) => {
      const { cache } = await build({ loads: 1 });
      const source = new Source<string>();
      await cache.set('k', 'old', { tags: ['found'] });
      const busy = cache.getOrSet('busy', source.load);
      await settle();
      const reuse = ({ stale }: { stale?: string }) => stale ?? 'loaded anew';
      const queued = cache.getOrSet('k', reuse, { force: true });
      await settle();
      await invalidate(cache);
      const later = cache.getOrSet('k', reuse, { force: true });
      await settle();
      source.answer('free');
      await busy;
      expect([await queued, await later]).not.toContain('old');
      expect(await cache.get('k')).not.toBe('old');
    },
  );

  it('ends with its own end, also while the load waits for its turn', async () => {
    const { cache, clock } = await build({ loads: 1, ttl: 1_000 });
    const source = new Source<string>();
    await cache.set('k', 'old');
    const busy = cache.getOrSet('busy', source.load);
    await settle();
    const queued = cache.getOrSet('k', ({ stale }) => stale ?? 'loaded anew', { force: true });
    await clock.advance(1_000);
    source.answer('free');
    await busy;
    expect(await queued).toBe('loaded anew');
  });

  it('passes its tags on to what is made of it, and to who joins', async () => {
    const { cache } = await build();
    const source = new Source<void>();
    await cache.set('k', 'old', { tags: ['found'] });
    const reuse = async (context: { stale?: string }) => {
      const { stale } = context;
      await source.load(undefined as never);
      return `${stale ?? 'nothing'} renewed`;
    };
    const before = cache.getOrSet('k', reuse, { force: true });
    await settle();
    await cache.invalidateTags('found');
    const after = cache.getOrSet('k', reuse);
    await settle();
    expect(source.loads).toBe(2);
    source.answer(undefined, 0);
    source.answer(undefined, 1);
    expect(await before).toBe('old renewed');
    expect(await after).toBe('nothing renewed');
    expect(await cache.get('k')).toBe('nothing renewed');

    await cache.set('k', 'again', { tags: ['found'] });
    const renewed = cache.getOrSet('k', reuse, { force: true });
    await settle();
    source.answer(undefined, 2);
    expect(await renewed).toBe('again renewed');
    await cache.invalidateTags('found');
    expect(await cache.has('k')).toBe(false);
  });
});
