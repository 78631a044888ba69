import { describe, expect, it } from '@jest/globals';
import { InvalidationPendingError } from '../../../lib/index.js';
import { Cluster, twoCaches } from '../../support/cluster.js';
import { Source, stateOf } from '../../support/source.js';

describe('A read', () => {
  it.each(['OOM no memory', 'READONLY no writes', 'MISCONF no disk', 'ERR whatever', 'CLUSTERDOWN'])(
    'never fails because Redis answers %s',
    async (text) => {
      const { a, cluster } = await twoCaches();
      for (const asked of ['mget', 'acquire', 'store'] as const) {
        a.link.failNext(text, asked);
        expect(await a.cache.getOrSet(`k ${asked}`, () => 'v')).toBe('v');
        await cluster.settle();
        expect(await a.cache.get(`k ${asked}`)).toBe('v');
      }
      expect(a.heard.of('error').map(([during]) => during)).toEqual(['redis read', 'redis lease', 'redis store']);
    },
  );

  it('waits for an answer for 250 ms and then loads', async () => {
    const { a, cluster } = await twoCaches();
    a.link.hold('requests');
    const read = a.cache.getOrSet('k', () => 'v');
    await cluster.clock.advance(249);
    expect(await stateOf(read)).toBe('pending');
    await cluster.clock.advance(1_000);
    expect(await read).toBe('v');
    expect(a.heard.of('error')[0]?.[0]).toBe('redis read');
  });

  it('does not wait at all once Redis has been silent for long', async () => {
    const { a, cluster } = await twoCaches();
    a.link.hold('requests');
    await cluster.clock.advance(3_000);
    expect(await a.cache.getOrSet('k', () => 'v')).toBe('v');
  });

  it.each([
    ['a list', undefined],
    ['nothing', ''],
    ['a text', 'not ours at all, but long enough for a stamp'],
  ])('takes %s that lies under its key for a miss, and writes over it', async (_words, text) => {
    const { a, b, cluster } = await twoCaches();
    cluster.server.put('lc1:{shop:default:0}:e:k:k', text);
    expect(await a.cache.getOrSet('k', () => 'v')).toBe('v');
    await cluster.settle();
    expect(await b.cache.lookup('k')).toMatchObject({ value: 'v', tier: 'redis' });
  });

  it('takes nothing from a server whose clock it never read: nobody could tell how old that is', async () => {
    const { a, cluster } = await twoCaches({ ttl: '10s' });
    await a.cache.set('k', 'v');
    cluster.server.refusal = 'MISCONF no disk';
    const joining = cluster.join();
    await cluster.clock.advance(1_500);
    const late = await joining;
    await late.cache.get('k');
    cluster.server.refusal = undefined;
    await cluster.clock.advance(20_000);
    expect(await late.cache.lookup('k')).toEqual({ found: false });
  });

  it('survives that Redis forgets everything', async () => {
    const { a, b, cluster } = await twoCaches({ ttl: '1h' });
    await a.cache.getOrSet('k', () => 'v', { tags: ['t'] });
    await cluster.settle();
    cluster.server.flush();
    await cluster.clock.advance(3_000);
    expect(await b.cache.getOrSet('k', () => 'new', { tags: ['t'] })).toBe('new');
    await cluster.settle();
    await a.cache.invalidateTags('t');
    await cluster.settle();
    expect(await b.cache.get('k')).toBeUndefined();
  });
});

describe('Cut off from Redis, memory', () => {
  it('answers for detachedTtl, ever more often refreshing behind, and then no more', async () => {
    const { a, cluster } = await twoCaches({ ttl: '1h' });
    const keys = Array.from({ length: 100 }, (_, index) => `k${index}`);
    for (const key of keys) await a.cache.set(key, 'old');
    await cluster.settle();
    a.link.cut();
    await cluster.clock.advance(2_000 + 30_000);
    const states = (await Promise.all(keys.map((key) => a.cache.lookup(key)))).map((one) => one.found && one.state);
    const fresh = states.filter((state) => state === 'fresh').length;
    expect(states.filter((state) => state === 'stale').length).toBe(100 - fresh);
    expect(fresh).toBeGreaterThan(30);
    expect(fresh).toBeLessThan(70);
    await cluster.clock.advance(30_000);
    expect(await Promise.all(keys.map((key) => a.cache.get(key)))).toEqual(keys.map(() => undefined));
  });

  it('answers not at all with a detachedTtl of 0: every read goes to the source, by single-flight', async () => {
    const { a, cluster } = await twoCaches({ ttl: '1h', detachedTtl: 0 });
    const source = new Source<string>();
    await a.cache.set('k', 'old');
    a.link.cut();
    await cluster.clock.advance(2_000);
    const reads = [1, 2, 3].map(() => a.cache.getOrSet('k', source.load));
    await cluster.settle();
    source.answer('new');
    expect(await Promise.all(reads)).toEqual(['new', 'new', 'new']);
    expect(source.loads).toBe(1);
    void a.cache.getOrSet('k', source.load);
    await cluster.settle();
    expect(source.loads).toBe(2);
  });

  it('is proven again when nothing was missed', async () => {
    const { a, cluster } = await twoCaches({ ttl: '1h' });
    await a.cache.set('k', 'v');
    a.link.cut();
    await cluster.clock.advance(30_000);
    a.link.restore();
    await cluster.settle();
    expect(await a.cache.lookup('k')).toMatchObject({ tier: 'memory', state: 'fresh' });
    await cluster.clock.advance(100_000);
    expect(await a.cache.lookup('k')).toMatchObject({ tier: 'memory', state: 'fresh' });
  });

  it('serves nothing longer than that which was invalidated meanwhile', async () => {
    const { a, b, cluster } = await twoCaches({ ttl: '1h' });
    await a.cache.set('k', 'old');
    await cluster.settle();
    a.link.cut();
    await cluster.settle();
    await b.cache.delete('k');
    await cluster.clock.advance(30_000);
    a.link.restore();
    await cluster.clock.advance(32_000);
    expect(await a.cache.get('k')).toBeUndefined();
  });
});

describe('An invalidation', () => {
  it('that Redis cannot be told of in time holds here, rejects, and is told later', async () => {
    const { a, b, cluster } = await twoCaches({ ttl: '1h' });
    await a.cache.getOrSet('k', () => 'old', { tags: ['t'] });
    await cluster.settle();
    expect(await b.cache.get('k')).toBe('old');
    a.link.cut();
    await cluster.settle();
    const told = a.cache.invalidateTags('t');
    expect(await stateOf(told)).toBe('pending');
    const outcome = told.catch((error: unknown) => error);
    await cluster.clock.advance(250);
    expect(await outcome).toBeInstanceOf(InvalidationPendingError);
    expect(await a.cache.getOrSet('k', () => 'new', { tags: ['t'] })).toBe('new');
    expect(await b.cache.get('k')).toBe('old');
    a.link.restore();
    await cluster.settle();
    expect(await b.cache.get('k')).toBeUndefined();
  });

  it('that fails blocks Redis for what it covers, until Redis was told', async () => {
    const { a, b, cluster } = await twoCaches({ ttl: '1h' });
    await a.cache.getOrSet('k', () => 'old', { tags: ['t'] });
    await cluster.settle();
    a.link.failNext('MISCONF no disk', 'invalidate-tags');
    await expect(a.cache.invalidateTags('t')).rejects.toThrow(InvalidationPendingError);
    const asked = a.link.asked.length;
    expect(await a.cache.getOrSet('k', () => 'new', { tags: ['t'] })).toBe('new');
    expect(await a.cache.get('k')).toBe('new');
    expect(a.link.asked.slice(asked)).toEqual([]);
    expect(await b.cache.get('k')).toBe('old');
    await cluster.clock.advance(1_000);
    expect(await b.cache.get('k')).toBeUndefined();
  });

  it('of a full Redis succeeds, and so does set, whose value stays here', async () => {
    const { a, b, cluster } = await twoCaches();
    await a.cache.set('k', 'old');
    await b.cache.get('k');
    cluster.server.full = true;
    await a.cache.set('k', 'new');
    await cluster.settle();
    expect(await b.cache.get('k')).toBeUndefined();
    expect(await a.cache.get('k')).toBe('new');
    await a.cache.invalidateTags('t');
    await a.cache.clear();
    await cluster.settle();
    expect(await b.cache.get('k')).toBeUndefined();
    expect(await a.cache.getOrSet('k', () => 'v')).toBe('v');
  });

  it('whose message is lost is known everywhere after two bounds at the latest', async () => {
    const { a, b, cluster } = await twoCaches({ ttl: '1h' });
    await a.cache.set('k', 'old');
    await cluster.settle();
    expect(await b.cache.get('k')).toBe('old');
    b.link.deafen();
    await a.cache.delete('k');
    await cluster.clock.advance(2_000);
    expect(await b.cache.get('k')).toBeUndefined();
    await cluster.clock.advance(3_000);
    expect(b.link.renewed.channel).toBeGreaterThan(0);
  });
});

describe('The start of a process', () => {
  it('waits for Redis for a second, warns once and goes on alone; later it joins', async () => {
    const cluster = new Cluster();
    const member = cluster.begin({}, (link) => link.cut());
    const ready = member.cache.ready();
    await cluster.clock.advance(999);
    expect(await stateOf(ready)).toBe('pending');
    await cluster.clock.advance(1);
    await ready;
    expect(member.warnings).toHaveLength(1);
    expect(await member.cache.getOrSet('k', () => 'v')).toBe('v');
    expect(await member.cache.get('k')).toBe('v');
    member.link.restore();
    await cluster.settle();
    await member.cache.getOrSet('other', () => 'v');
    await cluster.settle();
    expect(await (await cluster.join()).cache.get('other')).toBe('v');
  });

  it('is followed by an end that leaves nothing behind', async () => {
    const cluster = new Cluster();
    const member = await cluster.join();
    await member.cache.getOrSet('k', () => 'v');
    await member.cache.close();
    expect(member.link.isClosed).toBe(true);
    expect(cluster.clock.pending).toBe(0);
  });
});
