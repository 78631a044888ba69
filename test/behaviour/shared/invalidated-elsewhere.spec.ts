import { describe, expect, it } from '@jest/globals';
import { type Cluster, type Member, twoCaches } from '../../support/cluster.js';
import { Source } from '../../support/source.js';

/** Short and plain, or one that messages name by its digest. */
const NAMES = ['plain', 'of two words', 'find({"id":1})', 'k'.repeat(300)];

describe('What another process invalidates', () => {
  it.each(NAMES)('is not kept of a first load that is under way: key %s', async (key) => {
    const { cluster, a, b } = await twoCaches();
    const source = new Source<string>();
    const read = a.cache.getOrSet(key, source.load);
    await cluster.settle();
    await b.cache.delete(key);
    await cluster.settle();
    source.answer('old');
    await read;
    await cluster.settle();
    expect(await a.cache.get(key)).toBeUndefined();
  });

  it.each(NAMES)('is not kept of a first load that is under way: tag %s', async (tag) => {
    const { cluster, a, b } = await twoCaches();
    const source = new Source<string>();
    const read = a.cache.getOrSet('k', source.load, { tags: [tag] });
    await cluster.settle();
    await b.cache.invalidateTags(tag);
    await cluster.settle();
    source.answer('old');
    await read;
    await cluster.settle();
    expect(await a.cache.get('k')).toBeUndefined();
  });

  it.each(NAMES)('is not kept of a first load that told its tag at last: tag %s', async (tag) => {
    const { cluster, a, b } = await twoCaches();
    const source = new Source<string>();
    const read = a.cache.getOrSet<string>('k', async (context) => {
      const value = await source.load(context);
      context.adapt({ tags: [tag] });
      return value;
    });
    await cluster.settle();
    await b.cache.invalidateTags(tag);
    await cluster.settle();
    source.answer('old');
    await read;
    await cluster.settle();
    expect(await a.cache.get('k')).toBeUndefined();
  });

  it.each(NAMES)('is not kept of an answer of Redis that is under way: key %s', async (key) => {
    const { cluster, a, b } = await twoCaches();
    await b.cache.set(key, 'old');
    await cluster.settle();
    a.link.hold('replies');
    const read = a.cache.get(key);
    await cluster.settle();
    await b.cache.delete(key);
    await cluster.settle();
    a.link.goOn();
    await read;
    await cluster.settle();
    expect(await a.cache.get(key)).toBeUndefined();
  });

  it('leaves the rest of memory alone, however many other names were met before', async () => {
    const { cluster, a, b } = await twoCaches({ ttl: '1h' });
    for (let id = 0; id < 10_002; id++) await a.cache.getOrSet(`find({"id":${id}})`, () => id);
    await a.cache.set('k', 'v');
    await b.cache.delete('find({"id":-1})');
    await cluster.settle();
    expect(await a.cache.lookup('k')).toMatchObject({ tier: 'memory' });
  });
});

describe('What this process has set', () => {
  class User {}

  it('stays in its memory, though its own message may come before the reply', async () => {
    const { cluster, a } = await twoCaches();
    a.link.hurryMessages();
    await a.cache.set('k', 'v');
    await cluster.settle();
    expect(await a.cache.lookup('k')).toMatchObject({ tier: 'memory' });
  });

  it('is not lost where memory alone can hold it, though its own message may come before the reply', async () => {
    const { cluster, a } = await twoCaches();
    a.link.hurryMessages();
    await a.cache.set('k', new User());
    await cluster.settle();
    expect(await a.cache.get('k')).toBeInstanceOf(User);
  });
});

describe('A message that nobody of ours has sent', () => {
  function positionOf({ server }: Cluster): { sid: string; n: number } {
    const [, sid = '', n = ''] = (server.mgetNow(['lc1:{shop:default:0}:s'])[0]?.toString() ?? '').split('|');
    return { sid, n: Number(n) };
  }

  async function shared(): Promise<{ cluster: Cluster; a: Member; b: Member }> {
    const { cluster, a, b } = await twoCaches({ ttl: '1h' });
    await a.cache.set('k', 'old');
    await cluster.settle();
    expect(await b.cache.get('k')).toBe('old');
    return { cluster, a, b };
  }

  it('does not hide the invalidation that gets its number', async () => {
    const { cluster, a, b } = await shared();
    const { sid, n } = positionOf(cluster);
    b.link.say(`1|k|${sid}|${n + 1}|${'x'.repeat(15)}|k:other`);
    await cluster.settle();
    await a.cache.delete('k');
    await cluster.clock.advance(10_000);
    expect(await b.cache.get('k')).toBeUndefined();
  });

  it('does not hide later ones for long by a number far ahead', async () => {
    const { cluster, a, b } = await shared();
    b.link.say(`1|k|${positionOf(cluster).sid}|${10 ** 14}|${'x'.repeat(15)}|k:other`);
    await cluster.settle();
    expect(await b.cache.get('k')).toBe('old');
    await a.cache.delete('k');
    await cluster.clock.advance(2_000);
    expect(await b.cache.get('k')).toBeUndefined();
  });

  it.each(['', 'nonsense', '1|k|x|1|k:a', '1|c|', `1|k|${'0'.repeat(16)}-${'a'.repeat(15)}|1|k:k`, 'x'.repeat(10_000)])(
    'takes nothing from memory: %s',
    async (text) => {
      const { cluster, b } = await shared();
      b.link.say(text);
      b.link.say(text, 'wake');
      await cluster.settle();
      expect(await b.cache.lookup('k')).toMatchObject({ tier: 'memory', value: 'old' });
    },
  );
});
