import { describe, expect, it } from '@jest/globals';
import { Drain } from '../../../lib/index.js';
import { FarWorld, WatchedTier, withCopy } from './far-world.js';

describe('A far tier', () => {
  it('is given what Redis was given, by a name that no other cache has, for as long as it is fresh', async () => {
    const world = new FarWorld({ ttl: '10s', staleIfError: '1h' });
    const a = await world.join();
    await world.read(a);
    await world.read(a, 'not plain: {*}');
    const [plain, digest] = world.far.asked.filter(({ verb }) => verb === 'set');
    expect(plain).toEqual({ verb: 'set', key: 'shop:default:k:k', ttlMs: 10_000 });
    expect(digest?.key).toMatch(/^shop:default:h:[\w-]{43}$/);
    expect(world.far.count('get')).toBe(2);
  });

  it('is given what was set as well', async () => {
    const world = new FarWorld();
    const a = await world.join();
    await a.cache.set('k', 'set');
    await world.cluster.settle();
    expect(world.far.asked.filter(({ verb }) => verb === 'set')).toEqual([
      { verb: 'set', key: 'shop:default:k:k', ttlMs: 3_600_000 },
    ]);
    world.evict();
    expect(await world.read(await world.join())).toBe('set');
    expect([world.loads, a.warnings]).toEqual([0, []]);
  });

  it('is behind a read that is counted once, though there is an old value for its need', async () => {
    const world = new FarWorld({ ttl: 1_000, staleIfError: '1h' });
    const a = await world.join();
    await world.read(a);
    await world.cluster.clock.advance(1_000);
    expect(await world.read(a)).toBe('v2');
    expect(a.cache.stats()).toMatchObject({ misses: 2, staleHits: 0, hits: { memory: 0, redis: 0, far: 0 } });
  });

  it('answers what Redis has lost, without a load, and Redis has it again', async () => {
    const { world, b } = await withCopy();
    expect(await world.read(b)).toBe('v1');
    expect(world.loads).toBe(1);
    const c = await world.join();
    const asked = world.far.count('get');
    expect(await world.read(c)).toBe('v1');
    expect(world.far.count('get')).toBe(asked);
    world.evict();
    expect(await world.read(await world.join())).toBe('v1');
    expect(world.loads).toBe(1);
  });

  it('is counted and told of by its name, and the read is no miss', async () => {
    const { world, b } = await withCopy();
    await world.read(b);
    expect(b.cache.stats()).toMatchObject({ hits: { memory: 0, redis: 0, far: 1 }, misses: 0, loads: 0 });
    expect(b.heard.events.map(({ name, args }) => [name, ...args.slice(1)])).toEqual([['hit', 'k', 'far']]);
    expect(await b.cache.lookup('k')).toMatchObject({ found: true, tier: 'memory' });
  });

  it('makes a miss of a read that it has nothing for', async () => {
    const world = new FarWorld();
    const a = await world.join();
    await world.read(a);
    expect(a.heard.names()).toEqual(['load', 'miss']);
    expect(a.cache.stats()).toMatchObject({ hits: { far: 0 }, misses: 1, loads: 1 });
  });

  it('keeps what it was given apart by cache', async () => {
    const { world } = await withCopy();
    const other = await world.join({}, { name: 'other' });
    expect(await world.read(other)).toBe('v2');
  });

  it('is asked by one process, however many want the key', async () => {
    const { world, b } = await withCopy();
    const others = [b, await world.join(), await world.join()];
    const before = world.far.count('get');
    const answers = await Promise.all(others.flatMap((member) => [world.read(member), world.read(member)]));
    expect(new Set(answers)).toEqual(new Set(['v1']));
    expect([world.loads, world.far.count('get') - before]).toEqual([1, 1]);
  });

  it.each(['get', 'lookup', 'has'] as const)('is asked by %s, which fills memory and the tiers above', async (verb) => {
    const above = new WatchedTier('above');
    const below = new WatchedTier('below');
    const world = new FarWorld({}, [above, below]);
    await world.read(await world.join());
    world.evict();
    above.kept.clear();
    const b = await world.join();
    const found = { get: 'v1', has: true, lookup: { found: true, value: 'v1', tier: 'below', state: 'fresh' } };
    expect({ answer: (await b.cache[verb]('k')) as unknown }).toMatchObject({ answer: found[verb] });
    await world.cluster.settle();
    expect(above.kept).toEqual(below.kept);
    expect(b.cache.stats().hits['below']).toBe(verb === 'has' ? 0 : 1);
    expect(await b.cache.lookup('k')).toMatchObject({ tier: 'memory' });
    expect(world.loads).toBe(1);
  });

  it('is asked once by all who get a key at the same time', async () => {
    const { world, b } = await withCopy();
    const before = world.far.count('get');
    expect(await Promise.all([b.cache.get('k'), b.cache.get('k'), b.cache.lookup('k')])).toMatchObject([
      'v1',
      'v1',
      { value: 'v1' },
    ]);
    expect(world.far.count('get') - before).toBe(1);
  });

  it('fills those before it, and leaves those behind it and itself alone', async () => {
    const tiers = ['one', 'two', 'three'].map((name) => new WatchedTier(name));
    const [one, two, three] = tiers as [WatchedTier, WatchedTier, WatchedTier];
    const world = new FarWorld({}, tiers);
    await world.read(await world.join());
    world.evict();
    one.kept.clear();
    three.kept.clear();
    expect(await world.read(await world.join())).toBe('v1');
    expect([one, two, three].map((tier) => tier.count('set'))).toEqual([2, 1, 1]);
    expect(one.kept).toEqual(two.kept);
    expect(three.count('get')).toBe(1);
  });

  it('does not prolong a life', async () => {
    const world = new FarWorld({ ttl: '10s' });
    await world.read(await world.join());
    world.evict();
    await world.cluster.clock.advance(6_000);
    const b = await world.join();
    expect(await world.read(b)).toBe('v1');
    const { ttl } = (await b.cache.lookup('k')) as { ttl: number };
    expect(ttl).toBeLessThanOrEqual(4_000);
    expect(ttl).toBeGreaterThan(3_990);
    await world.cluster.clock.advance(4_000);
    expect(await world.read(b)).toBe('v2');
  });

  it('has no answer when its value is old, whatever may be served in need', async () => {
    const { world, b } = await withCopy({ ttl: '10s', staleIfError: '1h', staleWhileRevalidate: '1h' });
    await world.cluster.clock.advance(10_000);
    expect(await world.read(b)).toBe('v2');
  });

  it('is not asked by a forced load, nor for what is only to be renewed', async () => {
    const world = new FarWorld({ ttl: '10s', staleWhileRevalidate: '1h' });
    const a = await world.join();
    await world.read(a);
    const before = world.far.count('get');
    expect(await world.read(a, 'k', { force: true })).toBe('v2');
    await world.cluster.clock.advance(11_000);
    expect(await world.read(a)).toBe('v2');
    expect(await world.read(a)).toBe('v3');
    expect(world.far.count('get')).toBe(before);
  });

  it('keeps nothing that a load said was not to be kept, and remembers null like Redis', async () => {
    const world = new FarWorld();
    const a = await world.join();
    await a.cache.getOrSet('skipped', (context) => (context.skip(), 'v'));
    await a.cache.getOrSet('nobody', () => null);
    await world.cluster.settle();
    expect([...world.far.kept.keys()]).toEqual(['shop:default:k:nobody']);
    world.evict('nobody');
    const b = await world.join();
    expect(await b.cache.lookup('nobody')).toMatchObject({ found: true, value: null, negative: true, tier: 'far' });
  });

  it('brings instances back', async () => {
    const world = new FarWorld();
    const load = (): Promise<Date> => Promise.resolve(new Date(5));
    await (await world.join()).cache.getOrSet('k', load);
    await world.cluster.settle();
    world.evict();
    expect(await (await world.join()).cache.get('k')).toEqual(new Date(5));
  });

  it('is told before the cache has closed', async () => {
    const world = new FarWorld();
    const drain = new Drain();
    const a = await world.join({}, { drain });
    await a.cache.getOrSet('k', world.load);
    await drain.close();
    expect(world.far.kept.size).toBe(1);
  });

  it('costs those nothing who have none', async () => {
    const world = new FarWorld();
    const [a, b] = [await world.join({ tiers: [] }), await world.join({ tiers: undefined })];
    const asked = [a.link.asked.length, b.link.asked.length];
    await world.read(a);
    await world.read(b);
    expect([a.link.asked.slice(asked[0]), b.link.asked.slice(asked[1])]).toEqual([
      ['mget', 'acquire', 'store'],
      ['mget'],
    ]);
    expect([...world.cluster.server.keys].filter((key) => key.includes(':v:'))).toEqual([]);
  });
});
