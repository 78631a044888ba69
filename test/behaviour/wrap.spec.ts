import { expect, it } from '@jest/globals';
import { onEveryTopology } from '../support/topology.js';

onEveryTopology('a wrapped function', (build) => {
  it('answers from the cache by its arguments, and keeps this', async () => {
    const { cache } = await build();
    const service = {
      calls: 0,
      find: cache.wrap('find', function (this: { calls: number }, id: string, page?: number) {
        return Promise.resolve(`${id}/${page}/${++this.calls}`);
      }),
    };
    expect(await service.find('x')).toBe('x/undefined/1');
    expect(await service.find('x', undefined)).toBe('x/undefined/1');
    expect(await service.find('x', 2)).toBe('x/2/2');
    expect(await service.find('y')).toBe('y/undefined/3');
    expect(await service.find('x')).toBe('x/undefined/1');
  });

  it('keeps functions of other names apart', async () => {
    const { cache } = await build();
    const one = cache.wrap('one', (id: string) => Promise.resolve(`one ${id}`));
    const two = cache.wrap('two', (id: string) => Promise.resolve(`two ${id}`));
    expect([await one('x'), await two('x')]).toEqual(['one x', 'two x']);
  });

  it('applies its options', async () => {
    const { cache, clock } = await build();
    let calls = 0;
    const find = cache.wrap('find', (_id: string) => Promise.resolve(++calls), { ttl: '5s', tags: ['t'] });
    await find('x');
    await clock.advance(5_000);
    expect(await find('x')).toBe(2);
    await cache.invalidateTags('t');
    expect(await find('x')).toBe(3);
  });

  it('rejects arguments that have no key, naming function and argument', async () => {
    const { cache } = await build();
    const find = cache.wrap('Users.find', (_filter: unknown) => Promise.resolve(1));
    await expect(find(() => 1)).rejects.toThrow('argument 1 of Users.find: a function has no identity');
  });

  it('refuses a bad name, a bad function and bad options when it is made', async () => {
    const { cache } = await build();
    const fn = () => Promise.resolve(1);
    expect(() => cache.wrap('', fn)).toThrow('name: got');
    expect(() => cache.wrap('find("x")', fn)).toThrow('name: got');
    expect(() => cache.wrap('find', 'fn' as never)).toThrow('fn: got');
    expect(() => cache.wrap('find', fn, { ttl: -1 })).toThrow('ttl: got -1');
  });
});
