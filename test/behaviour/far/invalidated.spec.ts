import { describe, expect, it } from '@jest/globals';
import { InvalidationPendingError } from '../../../lib/index.js';
import { Source } from '../../support/source.js';
import { FarWorld, WatchedTier, withCopy } from './far-world.js';

describe('What a far tier still holds is no answer', () => {
  it('after its key was deleted while the tier could not be reached', async () => {
    const { world, a, b } = await withCopy();
    world.faulty.fail();
    await a.cache.delete('k');
    world.faulty.heal();
    expect(world.far.kept.size).toBe(1);
    expect(await b.cache.get('k')).toBe(undefined);
    expect(await world.read(b)).toBe('v2');
    expect(await world.read(a)).toBe('v2');
  });

  it('after its key was deleted by a process that has no such tier', async () => {
    const { world, b } = await withCopy();
    const plain = await world.join({ tiers: [] });
    await plain.cache.delete('k');
    expect(world.far.kept.size).toBe(1);
    expect(await world.read(b)).toBe('v2');
  });

  it('after a value was set, be that lost too', async () => {
    const { world, a, b } = await withCopy();
    world.far.forgets = 'set';
    await a.cache.set('k', 'set');
    await world.cluster.settle();
    world.evict();
    expect(await b.cache.get('k')).toBe(undefined);
    expect(await world.read(b)).toBe('v2');
  });

  it.each<[words: string, declared: readonly string[], adapted: readonly string[]]>([
    ['that the call declares', ['t'], []],
    ['that the result brought', [], ['t']],
    ['of several', ['s'], ['t', 'u']],
  ])('after a tag was invalidated %s', async (_words, declared, adapted) => {
    const world = new FarWorld({ tags: declared });
    const [a, b] = [await world.join(), await world.join()];
    const read = (member: typeof a) =>
      member.cache.getOrSet('k', (context) => {
        context.adapt({ tags: adapted });
        return world.load();
      });
    await read(a);
    await world.cluster.settle();
    world.evict();
    await a.cache.invalidateTags('another');
    const c = await world.join();
    expect(await read(c)).toBe('v1');
    await world.cluster.settle();
    await a.cache.invalidateTags('t');
    await world.cluster.settle();
    world.evict();
    expect(await b.cache.get('k')).toBe(undefined);
    expect([await read(b), await read(c), await read(a)]).toEqual(['v2', 'v2', 'v2']);
  });

  it('where a call declares a tag that it does not carry', async () => {
    const { world, b } = await withCopy();
    expect(await world.read(b, 'k', { tags: ['new'] })).toBe('v2');
  });

  it('after everything was cleared', async () => {
    const { world, a, b } = await withCopy();
    await a.cache.clear();
    expect(await b.cache.get('k')).toBe(undefined);
    expect(await world.read(b)).toBe('v2');
  });

  it('after Redis was flushed, and has forgotten what was invalidated', async () => {
    const { world, b } = await withCopy();
    world.cluster.server.flush();
    expect(await world.read(b)).toBe('v2');
  });

  it('after Redis has forgotten which record was the latest', async () => {
    const { world, b } = await withCopy();
    world.evictLatest();
    expect(await world.read(b)).toBe('v2');
    world.evict();
    expect(await world.read(await world.join())).toBe('v2');
  });

  it('after another value was stored that the tier was not given', async () => {
    const { world, a, b } = await withCopy();
    world.far.forgets = 'set';
    await world.read(a, 'k', { force: true });
    world.evict();
    expect(await world.read(b)).toBe('v3');
  });

  it('after a load said that there is nothing to be remembered any more', async () => {
    const { world, a, b } = await withCopy();
    world.faulty.fail();
    expect(await a.cache.getOrSet('k', () => null, { negativeTtl: false, force: true })).toBe(null);
    await world.cluster.settle();
    world.faulty.heal();
    expect(await b.cache.get('k')).toBe(undefined);
    expect(await world.read(b)).toBe('v2');
  });

  it('for the process that has invalidated it, while Redis could not be told', async () => {
    const world = new FarWorld();
    const [a, b] = [await world.join(), await world.join()];
    await a.cache.getOrSet('k', (context) => (context.adapt({ tags: ['t'] }), world.load()));
    await world.cluster.settle();
    world.evict();
    b.link.failNext('MISCONF it cannot save', 'invalidate-tags');
    await expect(b.cache.invalidateTags('t')).rejects.toBeInstanceOf(InvalidationPendingError);
    expect(await b.cache.get('k')).toBe(undefined);
    expect(await b.cache.getOrSet('k', world.load)).toBe('v2');
  });
});

describe('An invalidation', () => {
  it('that comes while a far tier is asked is no reason to keep its answer', async () => {
    const world = new FarWorld({}, [new SlowTier()]);
    const slow = world.tiers[0] as SlowTier;
    const [a, b] = [await world.join(), await world.join()];
    await world.read(a);
    world.evict();
    slow.isSlow = true;
    const before = b.cache.getOrSet('k', world.load);
    await world.cluster.settle();
    await a.cache.delete('k');
    await world.cluster.settle();
    slow.isSlow = false;
    slow.answer();
    const after = await b.cache.getOrSet('k', world.load);
    expect(after).not.toBe('v1');
    await before;
    await world.cluster.settle();
    expect(await world.read(await world.join())).toBe(after);
    expect(await world.read(b)).toBe(after);
  });

  it('ends also a load that began because a far tier had nothing', async () => {
    const world = new FarWorld();
    const [a, b] = [await world.join(), await world.join()];
    const source = new Source<string>();
    const loading = a.cache.getOrSet('k', source.load);
    await world.cluster.settle();
    await b.cache.delete('k');
    source.answer('old');
    expect(await loading).toBe('old');
    await world.cluster.settle();
    expect(world.far.kept.size).toBe(0);
    expect(await world.read(b)).toBe('v1');
  });

  it.each<[verb: string, deletes: number]>([
    ['delete', 1],
    ['clear', 0],
    ['tags', 0],
  ])('by %s is told to the far tiers %d times', async (verb, deletes) => {
    const { world, a } = await withCopy({ tags: ['t'] });
    if (verb === 'delete') await a.cache.delete('k');
    if (verb === 'clear') await a.cache.clear();
    if (verb === 'tags') await a.cache.invalidateTags('t');
    await world.cluster.settle();
    expect([world.far.count('delete'), world.far.kept.size]).toEqual([deletes, 1 - deletes]);
  });
});

/** Answers when it is told to. */
class SlowTier extends WatchedTier {
  isSlow = false;
  #answer: () => void = () => undefined;

  override async get(key: string): Promise<Uint8Array | undefined> {
    const bytes = await super.get(key);
    if (this.isSlow) await new Promise<void>((resolve) => (this.#answer = resolve));
    return bytes;
  }

  answer(): void {
    this.#answer();
  }
}
