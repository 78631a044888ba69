import { expect, it } from '@jest/globals';
import { LayerCacheKeyError, type Loader } from '../../lib/index.js';
import { Source, settle, stateOf } from '../support/source.js';
import { onEveryTopology, type Stack } from '../support/topology.js';

onEveryTopology('invalidating by tag', (build) => {
  it('ends every value that carries one of the tags, and no other', async () => {
    const { cache } = await build();
    await cache.set('a', 1, { tags: ['red'] });
    await cache.set('b', 2, { tags: ['red', 'round'] });
    await cache.set('c', 3, { tags: ['round'] });
    await cache.set('d', 4, { tags: ['blue'] });
    await cache.set('e', 5);
    await cache.invalidateTags('red', 'unheard of');
    expect(await Promise.all(['a', 'b', 'c', 'd', 'e'].map((key) => cache.has(key)))).toEqual([
      false,
      false,
      true,
      true,
      true,
    ]);
  });

  it('is over when the call returns, before its promise is awaited', async () => {
    const { cache } = await build();
    await cache.set('a', 1, { tags: ['t'] });
    void cache.invalidateTags('t');
    expect(await cache.get('a')).toBeUndefined();
  });

  it('does not end what is stored after it', async () => {
    const { cache } = await build();
    await cache.invalidateTags('t');
    await cache.set('a', 1, { tags: ['t'] });
    expect(await cache.get('a')).toBe(1);
  });

  it('reaches values by the tags of the cache itself, those of the call being added to them', async () => {
    const { cache } = await build({ tags: ['all of it'] });
    await cache.set('a', 1, { tags: ['t'] });
    await cache.set('b', 2);
    await cache.invalidateTags('all of it');
    expect(await cache.get('a')).toBeUndefined();
    expect(await cache.get('b')).toBeUndefined();
  });

  it('refuses a tag that is empty or no text, and then invalidates nothing', async () => {
    const { cache } = await build();
    await cache.set('a', 1, { tags: ['t'] });
    for (const tag of ['', undefined, 7, null] as string[]) {
      await expect(cache.invalidateTags('t', tag)).rejects.toThrow(LayerCacheKeyError);
    }
    expect(await cache.get('a')).toBe(1);
  });

  it('with no tags does nothing', async () => {
    const { cache, heard } = await build();
    await cache.set('a', 1, { tags: ['t'] });
    await cache.invalidateTags();
    await cache.delete();
    expect(await cache.get('a')).toBe(1);
    expect(heard.of('invalidate')).toEqual([]);
  });

  it('touches no entry, however many carry the tag', async () => {
    const { cache, heard } = await build();
    for (let index = 0; index < 5_000; index++) await cache.set(`k${index}`, index, { tags: ['t'] });
    heard.clear();
    await cache.invalidateTags('t');
    // The entries still lie there; each is refused when somebody looks at it.
    expect(cache.stats().entries).toBe(5_000);
    expect(heard.events).toEqual([{ name: 'invalidate', args: ['default', 'tag', ['t']] }]);
    expect(await cache.get('k17')).toBeUndefined();
    expect(cache.stats().entries).toBe(4_999);
    expect(heard.of('evict')).toEqual([['k17', 'invalidated']]);
  });

  it('holds for more distinct tags than are remembered, without losing a value that none of them covers', async () => {
    const { cache } = await build({ memory: { max: 50_000 } });
    for (let index = 0; index < 3_000; index++) {
      await cache.set(`doomed${index}`, index, { tags: [`tag${index}`] });
      await cache.set(`kept${index}`, index, { tags: ['kept'] });
      await cache.set(`untagged${index}`, index);
    }
    for (let index = 0; index < 25_000; index++) await cache.invalidateTags(`tag${index}`);
    for (let index = 0; index < 3_000; index++) {
      expect(await cache.has(`doomed${index}`)).toBe(false);
      expect(await cache.has(`kept${index}`)).toBe(true);
      expect(await cache.has(`untagged${index}`)).toBe(true);
    }
  });
});

onEveryTopology('clearing', (build) => {
  it('ends everything, tagged or not, and the cache goes on', async () => {
    const { cache, heard } = await build();
    await cache.set('a', 1, { tags: ['t'] });
    await cache.set('b', 2);
    await cache.clear();
    expect(await cache.get('a')).toBeUndefined();
    expect(await cache.get('b')).toBeUndefined();
    expect(cache.stats().entries).toBe(0);
    expect(heard.of('invalidate')).toEqual([['all', []]]);
    await cache.set('a', 3);
    expect(await cache.get('a')).toBe(3);
  });
});

/** A loader whose result shows only when it is there that it carries a tag. */
function bringingTag(tag: string, source: Source<string>): Loader<string> {
  return async (context) => {
    const value = await source.load(context);
    context.adapt({ tags: [tag] });
    return value;
  };
}

const invalidations = [
  ['delete', (cache) => cache.delete('a')],
  ['invalidateTags', (cache) => cache.invalidateTags('declared')],
  ['clear', (cache) => cache.clear()],
] as const satisfies readonly (readonly [string, (cache: Stack['cache']) => Promise<void>])[];

onEveryTopology('a load during which its key is invalidated', (build) => {
  it.each(invalidations)('by %s is answered but not stored', async (_, invalidate) => {
    const { cache } = await build();
    const source = new Source<string>();
    const read = cache.getOrSet('a', source.load, { tags: ['declared'] });
    await settle();
    await invalidate(cache);
    source.answer('from before');
    expect(await read).toBe('from before');
    expect(await cache.has('a')).toBe(false);
  });

  it.each(invalidations)('by %s is not joined by callers who come after it', async (_, invalidate) => {
    const { cache } = await build();
    const source = new Source<string>();
    const before = cache.getOrSet('a', source.load, { tags: ['declared'] });
    await settle();
    await invalidate(cache);
    const after = cache.getOrSet('a', source.load, { tags: ['declared'] });
    await settle();
    expect(source.loads).toBe(2);
    source.answer('from before', 0);
    expect(await before).toBe('from before');
    expect(await stateOf(after)).toBe('pending');
    source.answer('from after', 1);
    expect(await after).toBe('from after');
    expect(await cache.get('a')).toBe('from after');
  });

  it('does not replace what set has stored meanwhile', async () => {
    const { cache } = await build();
    const source = new Source<string>();
    const read = cache.getOrSet('a', source.load);
    await settle();
    await cache.set('a', 'set by hand');
    source.answer('loaded before');
    expect(await read).toBe('loaded before');
    expect(await cache.get('a')).toBe('set by hand');
  });

  it('is not stored when the tag became known only with its result', async () => {
    const { cache } = await build();
    const source = new Source<string>();
    const read = cache.getOrSet('a', bringingTag('found', source));
    await settle();
    await cache.invalidateTags('found');
    source.answer('from before');
    expect(await read).toBe('from before');
    expect(await cache.has('a')).toBe(false);
  });

  it('is read again for callers who joined after the invalidation of a tag that its result brought', async () => {
    const { cache } = await build();
    const source = new Source<string>();
    const load = bringingTag('found', source);
    const before = cache.getOrSet('a', load);
    await settle();
    await cache.invalidateTags('found');
    const after = [cache.getOrSet('a', load), cache.getOrSet('a', load)];
    await settle();
    expect(source.loads).toBe(1);
    source.answer('from before');
    expect(await before).toBe('from before');
    await settle();
    expect(source.loads).toBe(2);
    source.answer('from after');
    expect(await Promise.all(after)).toEqual(['from after', 'from after']);
    expect(source.loads).toBe(2);
    expect(await cache.get('a')).toBe('from after');
  });

  it('is taken by callers who joined after an invalidation that does not cover it', async () => {
    const { cache } = await build();
    const source = new Source<string>();
    const before = cache.getOrSet('a', source.load, { tags: ['declared'] });
    await settle();
    await cache.invalidateTags('another');
    const after = cache.getOrSet('a', source.load, { tags: ['declared'] });
    await settle();
    source.answer('loaded');
    expect(await Promise.all([before, after])).toEqual(['loaded', 'loaded']);
    expect(source.loads).toBe(1);
  });

  it('does not end in an endless reading again while invalidations go on', async () => {
    const { cache } = await build();
    const source = new Source<string>();
    const load = bringingTag('found', source);
    const first = cache.getOrSet('a', load);
    await settle();
    await cache.invalidateTags('found');
    const joined = cache.getOrSet('a', load);
    await settle();
    source.answer('0');
    await first;
    await settle();
    // Invalidated again and again, but the joiner asked before that: his second load is late enough for him.
    await cache.invalidateTags('found');
    source.answer('1');
    expect(await joined).toBe('1');
    expect(source.loads).toBe(2);
  });

  it('is read again also when what it brought was an error to be remembered', async () => {
    const { cache } = await build({ isNegativeError: () => true });
    const source = new Source<string>();
    const load = async (context: Parameters<typeof source.load>[0]) => {
      context.adapt({ tags: ['found'] });
      return source.load(context);
    };
    const before = cache.getOrSet('a', load).catch((error: unknown) => error);
    await settle();
    await cache.invalidateTags('found');
    const after = cache.getOrSet('a', load);
    await settle();
    const notFound = new Error('not there yet');
    source.fail(notFound);
    expect(await before).toBe(notFound);
    await settle();
    source.answer('created meanwhile');
    expect(await after).toBe('created meanwhile');
  });

  it('holds for refreshes behind a stale value too', async () => {
    const { cache, clock } = await build({ ttl: 1_000, staleWhileRevalidate: '1h' });
    const source = new Source<string>();
    await cache.set('a', 'old', { tags: ['t'] });
    await clock.advance(1_500);
    expect(await cache.getOrSet('a', source.load, { tags: ['t'] })).toBe('old');
    await settle();
    await cache.invalidateTags('t');
    source.answer('from before');
    await settle();
    expect(await cache.has('a')).toBe(false);
  });
});
