import { expect, it } from '@jest/globals';
import { onEveryTopology } from '../support/topology.js';

class Money {
  readonly #cents: number;
  constructor(cents: number) {
    this.#cents = cents;
  }
  get cents(): number {
    return this.#cents;
  }
}

onEveryTopology('what readers get', (build) => {
  const source = () => ({ name: 'Ada', roles: ['admin'], nested: { deep: [1] } });

  it('is by default one frozen copy for all of them, the first included', async () => {
    const { cache } = await build();
    const loaded = source();
    const first = await cache.getOrSet('a', () => loaded);
    const second = await cache.getOrSet('a', () => loaded);
    expect(first).toEqual(loaded);
    expect(first).not.toBe(loaded);
    expect(second).toBe(first);
    expect(() => first.roles.push('root')).toThrow(TypeError);
    expect(() => {
      first.nested.deep = [];
    }).toThrow(TypeError);
  });

  it('leaves the loader’s own object as it was, and is not changed by it', async () => {
    const { cache } = await build();
    const loaded = source();
    await cache.getOrSet('a', () => loaded);
    loaded.roles.push('root');
    expect(await cache.get('a')).toEqual(source());
  });

  it('is a copy for each where something cannot be frozen', async () => {
    const { cache } = await build();
    const loaded = { at: new Date(0), tags: new Set(['x']), by: new Map([['k', { v: 1 }]]), raw: Buffer.from('raw') };
    const read = () => cache.getOrSet('a', () => loaded);
    const first = await read();
    expect(first).toEqual(loaded);
    first.at.setTime(1);
    first.tags.add('y');
    first.by.clear();
    first.raw.fill(0);
    expect(await read()).toEqual(loaded);
    expect(await cache.get('a')).toEqual(loaded);
    expect(loaded.at.getTime()).toBe(0);
  });

  it('gives concurrent callers of one load a copy each there as well', async () => {
    const { cache } = await build();
    const [first, second] = await Promise.all([
      cache.getOrSet('a', () => new Date(0)),
      cache.getOrSet('a', () => new Date(0)),
    ]);
    expect(first).toEqual(second);
    expect(first).not.toBe(second);
  });

  it('is the very instance where it is one of a class, whose private state cannot be copied', async () => {
    const { cache } = await build();
    const money = new Money(42);
    const read = await cache.getOrSet('a', () => ({ price: money }));
    expect(read.price).toBe(money);
    expect((await cache.get<{ price: Money }>('a'))?.price.cents).toBe(42);
  });

  it('is a copy for each reader under clone', async () => {
    const { cache } = await build({ memory: { isolation: 'clone' } });
    const first = await cache.getOrSet('a', source);
    first.roles.push('root');
    expect(await cache.get('a')).toEqual(source());
  });

  it('is the loader’s own object under share', async () => {
    const { cache } = await build({ memory: { isolation: 'share' } });
    const loaded = source();
    expect(await cache.getOrSet('a', () => loaded)).toBe(loaded);
    expect(await cache.get('a')).toBe(loaded);
  });

  it('keeps undefined fields, -0, NaN, BigInt, holes, cycles and symbols', async () => {
    const { cache } = await build();
    const mark = Symbol('mark');
    const cyclic: Record<string | symbol, unknown> = { u: undefined, zero: -0, nan: Number.NaN, big: 10n, [mark]: 1 };
    cyclic['self'] = cyclic;
    // oxlint-disable-next-line no-sparse-arrays
    cyclic['holes'] = [1, , 3];
    await cache.set('a', cyclic);
    const read = (await cache.get<typeof cyclic>('a')) as typeof cyclic;
    expect(Object.keys(read)).toEqual(Object.keys(cyclic));
    expect(Object.is(read['zero'], -0)).toBe(true);
    expect(read['nan']).toBeNaN();
    expect(read['big']).toBe(10n);
    expect(read['self']).toBe(read);
    expect(1 in (read['holes'] as unknown[])).toBe(false);
    expect(read[mark]).toBe(1);
  });

  it('keeps what was hung on an array beside its items', async () => {
    const { cache } = await build();
    const mark = Symbol('mark');
    await cache.set('a', Object.assign([1, 2], { total: 3, [mark]: { deep: 4 } }));
    const read = (await cache.get<number[] & { total: number; [mark]: { deep: number } }>('a')) as never;
    expect(read).toEqual(Object.assign([1, 2], { total: 3, [mark]: { deep: 4 } }));
    expect(Object.isFrozen((read as { [mark]: object })[mark])).toBe(true);
  });

  it('is, where copying fails, what the load returned, unstored, with an event', async () => {
    const { cache, heard } = await build();
    const fault = new Error('getter');
    const hostile = {
      get value(): never {
        throw fault;
      },
    };
    expect(await cache.getOrSet('a', () => hostile)).toBe(hostile);
    expect(await cache.has('a')).toBe(false);
    expect(heard.of('error')).toEqual([['copy', fault]]);
    await expect(cache.set('a', hostile)).rejects.toBe(fault);
  });

  it('may be a function or a symbol, which memory keeps as they are', async () => {
    const { cache } = await build();
    const act = () => 1;
    await cache.set('f', act);
    expect(await cache.get('f')).toBe(act);
  });
});
