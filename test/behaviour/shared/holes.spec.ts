import { describe, expect, it } from '@jest/globals';
import { InvalidationPendingError } from '../../../lib/index.js';
import { Cluster, twoCaches } from '../../support/cluster.js';
import { settle, Source } from '../../support/source.js';

describe('Smoke', () => {
  it('shares', async () => {
    const { a, b } = await twoCaches();
    let loads = 0;
    expect(await a.cache.getOrSet('k', () => ++loads)).toBe(1);
    await settle();
    expect(await b.cache.getOrSet('k', () => ++loads)).toBe(1);
    expect(await b.cache.lookup('k')).toMatchObject({ tier: 'memory' });
    await a.cache.delete('k');
    await settle();
    expect(await b.cache.get('k')).toBeUndefined();
  });
});

describe('H1 digest', () => {
  it.each(['plain', 'with space'])('key %s invalidated elsewhere during its first load', async (key) => {
    const { a, b } = await twoCaches();
    const source = new Source<string>();
    const read = a.cache.getOrSet(key, source.load);
    await settle();
    await b.cache.delete(key);
    await settle();
    source.answer('old');
    await read;
    await settle();
    expect(await a.cache.get(key)).toBeUndefined();
  });
  it.each(['plain', 'with space'])('tag %s invalidated elsewhere during its first load', async (tag) => {
    const { a, b } = await twoCaches();
    const source = new Source<string>();
    const read = a.cache.getOrSet('k', source.load, { tags: [tag] });
    await settle();
    await b.cache.invalidateTags(tag);
    await settle();
    source.answer('old');
    await read;
    await settle();
    expect(await a.cache.get('k')).toBeUndefined();
  });
  it.each(['plain', 'with space'])('key %s invalidated elsewhere while being fetched', async (key) => {
    const { a, b } = await twoCaches();
    await b.cache.set(key, 'old');
    a.link.hold('replies');
    const read = a.cache.get(key);
    await settle();
    await b.cache.delete(key);
    await settle();
    a.link.goOn();
    await read;
    await settle();
    expect(await a.cache.get(key)).toBeUndefined();
  });
});

describe('H2 journal overflow', () => {
  it('forgets', async () => {
    const { a, b, cluster } = await twoCaches({ ttl: '1h' });
    await b.cache.set('owed 0', 'old');
    await b.cache.set('owed0', 'old');
    await settle();
    cluster.server.refusal = 'MISCONF cannot save';
    for (let i = 0; i < 10_000; i++) await expect(a.cache.delete(`owed${i}`)).rejects.toThrow(InvalidationPendingError);
    cluster.server.refusal = undefined;
    await a.cache.delete('another');
    await cluster.clock.advance(10_000);
    expect(await b.cache.get('owed0')).toBeUndefined();
  });
});

describe('H3 depose', () => {
  for (const ill of ['cut', 'READONLY', 'cut, then READONLY'])
    it(`serves what it held: ${ill}`, async () => {
      const { a, cluster } = await twoCaches({ ttl: '1h' });
      await a.cache.set('k', 'old');
      await cluster.clock.advance(120_000);
      expect(await a.cache.lookup('k')).toMatchObject({ tier: 'memory', state: 'fresh' });
      if (ill === 'READONLY') cluster.server.refusal = 'READONLY no writes here';
      else a.link.cut();
      await cluster.clock.advance(3_000);
      if (ill === 'cut, then READONLY') {
        cluster.server.refusal = 'READONLY no writes here';
        a.link.restore();
        await cluster.clock.advance(1_000);
      }
      const source = new Source<string>();
      const read = a.cache.getOrSet('k', source.load);
      await settle();
      source.answer('new');
      expect(await read).toBe('old');
    });
});

describe('H4 retryAfter', () => {
  it('is kept', async () => {
    const { a, cluster } = await twoCaches({ ttl: 1_000, staleIfError: '1h', retryAfter: 2_000 });
    await a.cache.set('k', 'old');
    await cluster.clock.advance(1_000);
    let loads = 0;
    const fail = () => {
      loads++;
      throw new Error('down');
    };
    expect(await a.cache.getOrSet('k', fail)).toBe('old');
    expect(await a.cache.getOrSet('k', fail)).toBe('old');
    expect(loads).toBe(1);
  });
});

describe('H5 memory false', () => {
  it('staleIfError', async () => {
    const { a, cluster } = await twoCaches({ ttl: 1_000, staleIfError: '1h', memory: false });
    await a.cache.set('k', 'old');
    await cluster.clock.advance(1_000);
    expect(await a.cache.getOrSet('k', () => Promise.reject(new Error('down')))).toBe('old');
  });
});

describe('H6 not remembered null', () => {
  it('ends the old value', async () => {
    const { a, cluster } = await twoCaches({ ttl: 1_000, staleWhileRevalidate: '1h', negativeTtl: false });
    await a.cache.set('k', 'old');
    await cluster.clock.advance(1_000);
    expect(await a.cache.getOrSet<string | null>('k', () => null)).toBe('old');
    await settle();
    expect(await a.cache.getOrSet<string | null>('k', () => null)).toBe(null);
  });
});

describe('H7 forged', () => {
  it('does not hide a real one', async () => {
    const { a, b, cluster } = await twoCaches();
    await a.cache.set('k', 'old');
    await settle();
    expect(await b.cache.get('k')).toBe('old');
    const state = cluster.server.mgetNow(['lc1:{shop:default:0}:s'])[0]?.toString() ?? '';
    const [, sid, n] = state.split('|');
    b.link.say(`1|k|${sid}|${Number(n) + 1}|k:other`);
    await settle();
    await a.cache.delete('k');
    await cluster.clock.advance(10_000);
    expect(await b.cache.get('k')).toBeUndefined();
  });
});

describe('H8 warnings', () => {
  it('are few and carry no tenant', async () => {
    class User {}
    const { a } = await twoCaches({ keyContext: () => 'S3CR3T' });
    for (let i = 0; i < 5; i++) await a.cache.set(`user:${i}`, new User());
    expect(a.warnings.join('\n')).not.toContain('S3CR3T');
    expect(a.warnings).toHaveLength(1);
  });
});

describe('H9 gap while cut', () => {
  for (const gap of [false, true])
    it(`keeps the detached regime, gap ${gap}`, async () => {
      const { a, b, cluster } = await twoCaches({ ttl: '1h' });
      await a.cache.set('k', 'old');
      await cluster.settle();
      a.link.cut('data');
      await cluster.settle();
      if (gap) a.link.deafen();
      await b.cache.delete('x');
      await cluster.settle();
      a.link.hearAgain();
      await b.cache.delete('y');
      await cluster.clock.advance(3_000);
      a.link.restore();
      cluster.server.restart(`${'c'.repeat(40)}:${'d'.repeat(40)}`);
      await cluster.clock.advance(1_000);
      await cluster.settle();
      const source = new Source<string>();
      const read = a.cache.getOrSet('k', source.load);
      await settle();
      source.answer('new');
      expect(await read).toBe('old');
    });
});

describe('H10 set in a short outage', () => {
  it('is told in time', async () => {
    const { a, cluster } = await twoCaches();
    a.link.cut();
    await settle();
    const told = a.cache.set('k', 'v');
    void told.catch(() => undefined);
    const deleted = a.cache.delete('k2');
    void deleted.catch(() => undefined);
    await cluster.clock.advance(20);
    a.link.restore();
    await cluster.clock.advance(1_000);
    await deleted;
    await told;
  });
});

describe('H11 declared tag', () => {
  it('is asked for although get was there first', async () => {
    const { a, b } = await twoCaches();
    await a.cache.set('k', 'old');
    expect(await b.cache.get('k')).toBe('old');
    expect(await b.cache.getOrSet('k', () => 'new', { tags: ['new'] })).toBe('new');
  });
});

describe('H12 solo', () => {
  it('is not for negative errors', async () => {
    const cluster = new Cluster({ isNegativeError: () => true });
    const a = await cluster.join();
    const b = await cluster.join();
    await expect(a.cache.getOrSet('find(1)', () => Promise.reject(new Error('404')))).rejects.toThrow('404');
    await settle();
    const source = new Source<string>();
    const reads = [b.cache.getOrSet('find(2)', source.load)];
    await settle();
    reads.push(a.cache.getOrSet('find(2)', source.load));
    await settle();
    expect(source.loads).toBe(1);
  });
});

describe('H13 own message', () => {
  for (const hurry of [false, true]) {
    it(`does not take back what set has stored: hurry ${hurry}`, async () => {
      const { a, cluster } = await twoCaches();
      if (hurry) a.link.hurryMessages();
      await a.cache.set('k', 'v');
      await cluster.settle();
      expect(await a.cache.lookup('k')).toMatchObject({ tier: 'memory' });
    });
    it(`does not take back what cannot be written: hurry ${hurry}`, async () => {
      class User {}
      const { a, cluster } = await twoCaches();
      if (hurry) a.link.hurryMessages();
      await a.cache.set('k', new User());
      await cluster.settle();
      expect(await a.cache.get('k')).toBeInstanceOf(User);
    });
  }
});

describe('H14 forged in a row', () => {
  it('does not keep trust', async () => {
    const { a, b, cluster } = await twoCaches();
    await a.cache.set('k', 'old');
    await cluster.settle();
    expect(await b.cache.get('k')).toBe('old');
    const state = cluster.server.mgetNow(['lc1:{shop:default:0}:s'])[0]?.toString() ?? '';
    const [, sid, n] = state.split('|');
    let next = Number(n);
    b.link.say(`1|k|${sid}|${++next}|k:other`);
    b.link.say(`1|k|${sid}|${++next}|k:other`);
    await cluster.settle();
    await a.cache.delete('k');
    for (let i = 0; i < 1_000; i++) {
      b.link.say(`1|k|${sid}|${++next}|k:other`);
      await cluster.clock.advance(10);
    }
    expect(await b.cache.get('k')).toBeUndefined();
  });
});

describe('H15 digests cliff', () => {
  it('one unknown key does not lose all', async () => {
    const { a, b, cluster } = await twoCaches({ ttl: '1h' });
    await a.cache.set('k', 'v');
    for (let i = 0; i < 10_002; i++) await a.cache.getOrSet(`find({"id":${i}})`, () => i);
    await a.cache.getOrSet('k', () => 'v');
    expect(await a.cache.lookup('k')).toMatchObject({ tier: 'memory' });
    await b.cache.delete('find({"id":-1})');
    await cluster.settle();
    expect(await a.cache.lookup('k')).toMatchObject({ tier: 'memory' });
  });
});

describe('H16 type', () => {
  class User {
    constructor(readonly name: string) {}
  }
  it('is revived', async () => {
    const { a, b, cluster } = await twoCaches();
    void User;
    const read = a.cache.bind('find').policy;
    expect(read).toBeDefined();
    await cluster.settle();
    expect(b).toBeDefined();
  });
});

describe('H17 patience', () => {
  it('ends', async () => {
    const { a, b, cluster } = await twoCaches();
    const source = new Source<string>();
    const first = a.cache.getOrSet('k', source.load);
    await cluster.settle();
    const second = b.cache.getOrSet('k', source.load);
    await cluster.clock.advance(4_900);
    expect(source.loads).toBe(1);
    await cluster.clock.advance(200);
    expect(source.loads).toBe(2);
    source.answer('second', 1);
    expect(await second).toBe('second');
    source.answer('first', 0);
    expect(await first).toBe('first');
    await cluster.settle();
    expect(await b.cache.get('k')).toBe('second');
    expect(cluster.clock.pending).toBeLessThan(10);
  });
  it('a failed load is taken over after retryAfter', async () => {
    const { a, b, cluster } = await twoCaches();
    const source = new Source<string>();
    const first = a.cache.getOrSet('k', source.load);
    void first.catch(() => undefined);
    await cluster.settle();
    const second = b.cache.getOrSet('k', source.load);
    await cluster.settle();
    source.fail(new Error('down'));
    await cluster.settle();
    await expect(first).rejects.toThrow('down');
    await cluster.clock.advance(1_990);
    expect(source.loads).toBe(1);
    await cluster.clock.advance(20);
    expect(source.loads).toBe(2);
    source.answer('v');
    expect(await second).toBe('v');
  });
});
