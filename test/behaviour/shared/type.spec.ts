import { describe, expect, it } from '@jest/globals';
import { twoCaches } from '../../support/cluster.js';
import { typedRead } from '../../support/typed-read.js';

class User {
  readonly name: string;
  readonly password: string;

  constructor(name: string, password: string) {
    this.name = name;
    this.password = password;
  }

  get greeting(): string {
    return `Hello ${this.name}`;
  }
}

class Admin extends User {}

const ada = (): User => new User('Ada', 'secret');
const noLoad = (): never => {
  throw new Error('it was loaded again');
};

describe('A value with a class', () => {
  it('comes back from Redis as an instance of it', async () => {
    const { cluster, a, b } = await twoCaches();
    await typedRead(a, 'find(1)', ada, User);
    await cluster.settle();
    const user = (await typedRead(b, 'find(1)', noLoad, User)) as User;
    expect(user).toBeInstanceOf(User);
    expect(user).toEqual(ada());
    expect(user.greeting).toBe('Hello Ada');
    expect(b.cache.stats()).toMatchObject({ hits: { redis: 1 } });
    expect(await typedRead(b, 'find(1)', noLoad, User)).toBe(user);
  });

  it.each<[string, () => unknown]>([
    ['an array of instances', () => [ada(), new User('Bob', 'hidden')]],
    ['an empty array', () => []],
    ['null', () => null],
    ['undefined', () => undefined],
    ['plain data', () => ({ name: 'Ada' })],
    ['an instance with a date', () => Object.assign(ada(), { since: new Date(5) })],
  ])('may be %s', async (_words, load) => {
    const { cluster, a, b } = await twoCaches();
    await typedRead(a, 'find(1)', load, User);
    await cluster.settle();
    const found = await typedRead(b, 'find(1)', noLoad, User);
    expect(found).toStrictEqual(load());
    expect(a.warnings).toEqual([]);
  });

  it.each<[string, () => unknown]>([
    ['of a subclass', () => new Admin('Ada', 'secret')],
    ['deep inside', () => ({ user: ada() })],
    ['of another class', () => new URL('http://host/')],
  ])('stays in memory if an instance is %s, and is told of once', async (_words, load) => {
    const { cluster, a, b } = await twoCaches();
    const own = await typedRead(a, 'find(1)', load, User);
    await cluster.settle();
    expect(await typedRead(a, 'find(1)', noLoad, User)).toStrictEqual(own);
    expect(await typedRead(b, 'find(1)', () => 'another', User)).toBe('another');
    expect(a.warnings).toHaveLength(1);
    expect(a.warnings[0]).toContain('`type`');
  });

  it('is a miss for who names no class: a bare object would show what it hides', async () => {
    const { cluster, a, b } = await twoCaches();
    await typedRead(a, 'find(1)', ada, User);
    await cluster.settle();
    expect(await typedRead(b, 'find(1)', () => 'loaded')).toBe('loaded');
  });

  it('is refreshed behind an old one by one process, and revived by the others', async () => {
    const { cluster, a, b } = await twoCaches({ ttl: 1_000, staleWhileRevalidate: '1h' });
    await typedRead(a, 'find(1)', ada, User);
    await cluster.settle();
    await typedRead(b, 'find(1)', noLoad, User);
    await cluster.clock.advance(1_500);
    const newer = () => new User('Ada', 'changed');
    expect(await typedRead(a, 'find(1)', newer, User)).toEqual(ada());
    await cluster.settle();
    await typedRead(b, 'find(1)', noLoad, User);
    await cluster.settle();
    const found = await typedRead(b, 'find(1)', noLoad, User);
    expect(found).toBeInstanceOf(User);
    expect(found).toEqual(newer());
  });

  it('is answered to all who wait for the load of one process', async () => {
    const { cluster, a, b } = await twoCaches();
    let land: (user: User) => void = () => undefined;
    const first = typedRead(a, 'find(1)', () => new Promise((resolve) => (land = resolve)), User);
    await cluster.settle();
    const second = typedRead(b, 'find(1)', noLoad, User);
    await cluster.settle();
    land(ada());
    await cluster.settle();
    expect(await Promise.all([first, second])).toEqual([ada(), ada()]);
    expect(await second).toBeInstanceOf(User);
  });
});

describe('What a typed method has cached', () => {
  it('is no broken record to who looks for it by hand', async () => {
    const { cluster, a, b } = await twoCaches();
    await typedRead(a, 'find(1)', ada, User);
    await cluster.settle();
    await b.cache.lookup('find(1)');
    expect(b.heard.of('error')).toEqual([]);
  });

  it('is not loaded anew because somebody looked for it by hand at the same time', async () => {
    const { cluster, a, b } = await twoCaches();
    await typedRead(a, 'find(1)', ada, User);
    await cluster.settle();
    const byHand = b.cache.get('find(1)');
    expect(await typedRead(b, 'find(1)', noLoad, User)).toBeInstanceOf(User);
    await byHand;
  });
});
