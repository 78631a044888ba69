import { describe, expect, it } from '@jest/globals';
import { FaultyTier } from '../../../lib/testing/index.js';
import { stateOf } from '../../support/source.js';
import { FarWorld, WatchedTier, withCopy } from './far-world.js';

describe('A far tier that fails', () => {
  it('fails no read, no write and no invalidation, and is told of once until it is well again', async () => {
    const world = new FarWorld();
    const a = await world.join();
    world.faulty.fail(new Error('disk full'));
    expect(await world.read(a, 'one')).toBe('v1');
    expect(await a.cache.get('two')).toBe(undefined);
    await a.cache.set('three', 3);
    await a.cache.delete('one');
    await world.cluster.settle();
    expect(a.heard.of('error')).toEqual([['far get', new Error('disk full')]]);
    world.faulty.heal();
    await world.cluster.clock.advance(1_000);
    await world.read(a, 'four');
    world.faulty.fail(new Error('again'));
    await world.read(a, 'five');
    expect(a.heard.of('error')).toHaveLength(2);
  });

  it('is no reason not to ask the next', async () => {
    const [ill, well] = [new FaultyTier('ill'), new WatchedTier('well')];
    const world = new FarWorld({}, [ill, well]);
    await world.read(await world.join());
    world.evict();
    ill.fail();
    expect(await world.read(await world.join())).toBe('v1');
  });

  it('that throws at once, or answers with what is no promise, is one that fails', async () => {
    const odd = new WatchedTier('odd');
    const world = new FarWorld({}, [odd]);
    const a = await world.join();
    odd.get = () => {
      throw new Error('at once');
    };
    odd.set = () => undefined as never;
    expect(await world.read(a)).toBe('v1');
    expect(a.heard.of('error')).toEqual([['odd get', new Error('at once')]]);
  });
});

describe('A far tier that hangs', () => {
  it('costs a read half a second, and after three in a row nothing until it answers a probe', async () => {
    const world = new FarWorld();
    const { clock } = world.cluster;
    const a = await world.join();
    world.faulty.hang();
    for (const key of ['one', 'two', 'three']) {
      const read = a.cache.getOrSet(key, world.load);
      await clock.advance(499);
      expect(await stateOf(read)).toBe('pending');
      await clock.advance(1);
      expect(await stateOf(read)).toBe('fulfilled');
      await world.cluster.settle();
    }
    expect(await stateOf(a.cache.getOrSet('four', world.load))).toBe('fulfilled');
    expect(a.heard.of('error')).toHaveLength(1);
    world.faulty.heal();
    await clock.advance(5_000);
    await world.read(a, 'five');
    expect([...world.far.kept.keys()]).toEqual(['shop:default:k:five']);
  });

  it('does not cost a load the time that it may take', async () => {
    const world = new FarWorld();
    const a = await world.join();
    world.faulty.hang();
    const read = a.cache.getOrSet('k', world.load, { timeout: '100ms' });
    await world.cluster.clock.advance(500);
    expect(await read).toBe('v1');
    expect(a.cache.stats().loadErrors).toBe(0);
  });

  it('does not hold back a write, nor a shutdown for longer than that', async () => {
    const world = new FarWorld();
    const a = await world.join();
    await world.read(a);
    world.faulty.hang();
    expect(await stateOf(a.cache.set('k', 'set'))).toBe('fulfilled');
    expect(await stateOf(a.cache.delete('k'))).toBe('fulfilled');
    const closed = a.cache.close();
    expect(await stateOf(closed)).toBe('pending');
    await world.cluster.clock.advance(500);
    expect(await stateOf(closed)).toBe('fulfilled');
  });
});

describe('A far tier that lies', () => {
  it.each<[words: string, lie: (bytes: Uint8Array) => unknown]>([
    ['nothing at all', () => new Uint8Array(0)],
    ['garbage', () => Uint8Array.from({ length: 500 }, (_, index) => (index * 37) % 256)],
    ['the half of it', (bytes) => bytes.subarray(0, bytes.length / 2)],
    ['a changed byte', (bytes) => Uint8Array.from(bytes, (byte, at) => (at === bytes.length - 6 ? byte ^ 1 : byte))],
    ['more than any record has', () => new Uint8Array(17 * 2 ** 20)],
  ])('is not believed, and that is an event: %s', async (_words, lie) => {
    const { world, b } = await withCopy();
    for (const [key, bytes] of world.far.kept) world.far.kept.set(key, lie(bytes) as Uint8Array);
    expect(await world.read(b)).toBe('v2');
    expect(b.heard.of('error')).toEqual([['far copy', expect.any(Error)]]);
    world.evict();
    expect(await world.read(await world.join())).toBe('v2');
  });

  it('with what are no bytes has failed', async () => {
    const { world, b } = await withCopy();
    for (const key of world.far.kept.keys()) world.far.kept.set(key, 'text' as never);
    expect(await world.read(b)).toBe('v2');
    expect(b.heard.of('error')).toEqual([
      ['far get', new TypeError('get() gave a string where bytes or undefined have to be')],
    ]);
  });

  it('with the record of another key is not believed', async () => {
    const { world, a, b } = await withCopy();
    await world.read(a, 'other');
    world.far.kept.set('shop:default:k:k', world.far.kept.get('shop:default:k:other') as Uint8Array);
    expect(await world.read(b)).toBe('v3');
  });
});

describe('A far tier, while Redis is away,', () => {
  it('is not asked: nobody can say what of it still is true', async () => {
    const { world, b } = await withCopy();
    b.link.cut();
    await world.cluster.settle();
    const before = world.far.count('get');
    expect(await b.cache.get('k')).toBe(undefined);
    expect(await world.read(b)).toBe('v2');
    expect([world.far.count('get'), world.far.count('set')]).toEqual([before, 1]);
  });

  it('has no answer if Redis goes while it is asked', async () => {
    const { world, b } = await withCopy();
    const get = world.far.get.bind(world.far);
    world.far.get = (key) => {
      b.link.cut();
      return get(key);
    };
    expect(await world.read(b)).toBe('v2');
    expect(b.heard.of('error').map(([during]) => during)).toContain('far copy');
  });
});
