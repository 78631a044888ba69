import { describe, expect, it } from '@jest/globals';
import { type LayerCacheOptions, type Serializer } from '../../../lib/index.js';
import { twoCaches } from '../../support/cluster.js';
import { typedRead } from '../../support/typed-read.js';

class User {
  readonly name: string;
  readonly password: string;

  constructor(name: string, password: string) {
    this.name = name;
    this.password = password;
  }
}

const ada = (): User => new User('Ada', 'secret');

const json: Serializer = {
  serialize: (value) => JSON.stringify(value),
  deserialize: (bytes) => JSON.parse(Buffer.from(bytes).toString()) as unknown,
};

const by = (serializer: Partial<Serializer> = {}): LayerCacheOptions => ({
  redis: { url: 'redis://modelled', serializer: { ...json, ...serializer } },
});

const cannot = (): never => {
  throw new Error('it cannot');
};

describe('A serializer', () => {
  it('makes the bytes and reads them', async () => {
    const bytes: Uint8Array[] = [];
    const { cluster, a, b } = await twoCaches(
      by({
        serialize: (value) => Buffer.from(`<${String(value)}>`),
        deserialize: (read) => {
          bytes.push(read);
          return Buffer.from(read).toString().slice(1, -1);
        },
      }),
    );
    await a.cache.set('k', 'v');
    await cluster.settle();
    expect(await b.cache.get('k')).toBe('v');
    expect(Buffer.from(bytes[0] ?? []).toString()).toBe('<v>');
    expect(cluster.server.mgetNow(['lc1:{shop:default:0}:e:k:k'])[0]?.includes('<v>')).toBe(true);
  });

  it('is not asked about a remembered null', async () => {
    const { cluster, a, b } = await twoCaches(by({ serialize: cannot, deserialize: cannot }));
    for (const value of [null, undefined]) await a.cache.set(`k ${value}`, value);
    await cluster.settle();
    for (const value of [null, undefined]) {
      expect(await b.cache.lookup(`k ${value}`)).toMatchObject({ found: true, value, negative: true });
    }
  });

  it('that throws on reading makes a miss and an event, and the next store writes over it', async () => {
    const { cluster, a, b } = await twoCaches(by({ deserialize: cannot }));
    await a.cache.set('k', 'old');
    await cluster.settle();
    expect(await b.cache.getOrSet('k', () => 'new')).toBe('new');
    expect(b.heard.of('error').every(([during]) => during === 'redis record')).toBe(true);
    expect(b.heard.of('error').length).toBeGreaterThan(0);
  });

  it('that reads behind a promise makes no answer that is a rejection', async () => {
    const { cluster, a, b } = await twoCaches(by({ deserialize: () => Promise.reject(new Error('it cannot')) }));
    await a.cache.set('k', 'old');
    await cluster.settle();
    expect(await b.cache.getOrSet('k', () => 'new')).toBe('new');
  });

  it('may keep the bytes it was given: nobody else writes into them', async () => {
    const { cluster, a, b } = await twoCaches(by({ serialize: (value) => value as Buffer, deserialize: (it) => it }));
    await a.cache.set('k', Buffer.from('abc'));
    await cluster.settle();
    const one = await b.cache.get<Uint8Array>('k');
    one?.fill(0);
    expect(Buffer.from((await b.cache.get<Uint8Array>('k')) ?? []).toString()).toBe('abc');
  });

  it('cannot hand out one object for two entries', async () => {
    const same = { list: [1] };
    const { cluster, a, b } = await twoCaches(by({ deserialize: () => same }));
    await a.cache.set('one', 1);
    await a.cache.set('two', 2);
    await cluster.settle();
    expect(await b.cache.get('one')).toEqual(same);
    expect(await b.cache.get('one')).not.toBe(same);
    expect(Object.isFrozen(same)).toBe(false);
  });

  it('does not read what was written without it, and the other way round', async () => {
    const { cluster, a } = await twoCaches(by());
    const plain = await cluster.join({ redis: { url: 'redis://modelled' } });
    await a.cache.set('k', 'by it');
    await cluster.settle();
    expect(await plain.cache.getOrSet('k', () => 'own')).toBe('own');
    await cluster.settle();
    await plain.cache.set('k', 'without');
    await cluster.settle();
    expect(await a.cache.getOrSet('k', () => 'own')).toBe('own');
  });
});

describe('A serializer that cannot write a value', () => {
  it('costs the caller of getOrSet nothing', async () => {
    const { cluster, a } = await twoCaches(by({ serialize: cannot }));
    expect(await a.cache.getOrSet('k', () => 'v')).toBe('v');
    await cluster.settle();
    expect(await a.cache.get('k')).toBe('v');
    expect([...a.warnings, ...a.heard.of('error').map(([during]) => during)]).not.toEqual([]);
  });

  it('does not make set() say that the others were not told: they were', async () => {
    const { cluster, a, b } = await twoCaches(by());
    await a.cache.set('k', 'old');
    await cluster.settle();
    expect(await b.cache.get('k')).toBe('old');
    await a.cache.set('k', 10n);
    await cluster.settle();
    expect(await b.cache.get('k')).toBeUndefined();
    expect(await a.cache.get('k')).toBe(10n);
  });

  it('because a getter of it throws is told of like any other', async () => {
    const { cluster, a, b } = await twoCaches({ ...by(), memory: { isolation: 'share' } });
    const value = {
      get broken(): never {
        return cannot();
      },
    };
    await a.cache.set('k', value);
    await cluster.settle();
    expect(await a.cache.get('k')).toBe(value);
    expect(await b.cache.get('k')).toBeUndefined();
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['a number', 5],
    ['a promise', Promise.resolve('')],
  ])('because it returned %s is told of like any other', async (_words, returned) => {
    const { cluster, a, b } = await twoCaches(by({ serialize: () => returned as string }));
    await a.cache.set('k', 'v');
    await cluster.settle();
    expect(await a.cache.get('k')).toBe('v');
    expect(await b.cache.get('k')).toBeUndefined();
  });
});

describe('A class instance never comes back as a bare object, which would show what it hides,', () => {
  it.each<[string, () => unknown]>([
    ['alone', ada],
    ['in an array', () => [ada()]],
    ['deep inside', () => ({ user: ada() })],
  ])('though there is a serializer: %s', async (_words, load) => {
    const { cluster, a, b } = await twoCaches(by());
    await typedRead(a, 'find(1)', load);
    await cluster.settle();
    expect(await typedRead(b, 'find(1)', () => 'loaded here')).toBe('loaded here');
  });

  it.each<[string, () => unknown]>([
    ['alone', ada],
    ['in an array', () => [ada()]],
  ])('though there is a serializer, to who names its class: %s', async (_words, load) => {
    const { cluster, a, b } = await twoCaches(by());
    await typedRead(a, 'find(1)', load, User);
    await cluster.settle();
    const found = await typedRead(b, 'find(1)', load, User);
    expect(Array.isArray(found) ? found[0] : found).toBeInstanceOf(User);
  });

  it('though there is a serializer, and it was set by hand', async () => {
    const { cluster, a, b } = await twoCaches(by());
    await a.cache.set('k', ada());
    await cluster.settle();
    expect([undefined, 'User']).toContain((await b.cache.get<object>('k'))?.constructor.name);
  });
});
