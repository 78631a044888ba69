import { expect, it } from '@jest/globals';
import { type CallOptions, type LoadContext, loadContext } from '../../lib/index.js';
import { settle } from '../support/source.js';
import { onEveryTopology, onMemory, type Stack } from '../support/topology.js';

type Find = (argument: unknown) => Promise<unknown>;

/** A wrapped function that counts its loads: each answer says how many there were. */
const counted = ({ cache }: Stack, options?: CallOptions): Find => {
  let loads = 0;
  return cache.wrap('find', (argument: unknown) => Promise.resolve(`${String(argument)} ${++loads}`), options);
};

/** Called often enough that nothing is left to be noted: from here on its hits are the shortest there are. */
const warm = async (find: Find, argument: unknown): Promise<unknown> => {
  await find(argument);
  await find(argument);
  return find(argument);
};

onEveryTopology('a call with a lone argument that was answered before', (build) => {
  it.each([['x'], [1], [-7], [0], [''], ['x'.repeat(199)], ['x'.repeat(200)], ['x'.repeat(201)], [1.5], [Number.NaN]])(
    'is answered from the cache, by %p',
    async (argument) => {
      const find = counted(await build());
      expect(await warm(find, argument)).toBe(`${argument} 1`);
      expect(await find(argument)).toBe(`${argument} 1`);
    },
  );

  it('is not taken for one with an argument that looks alike', async () => {
    const find = counted(await build());
    const alike: unknown[] = [0, -0, '0', '-0', '', 1, '1', 1n, true, 'true', 'null', null, ['1'], "'1", '1 '];
    const first: unknown[] = [];
    for (const argument of alike) first.push(await warm(find, argument));
    expect(new Set(first).size).toBe(alike.length);
    for (const [index, argument] of alike.entries()) expect(await find(argument)).toBe(first[index]);
  });

  it('is not taken for one with -0, whichever was first', async () => {
    const zeroFirst = counted(await build());
    expect([await warm(zeroFirst, 0), await warm(zeroFirst, -0), await zeroFirst(0)]).toEqual(['0 1', '0 2', '0 1']);
    const minusFirst = counted(await build());
    expect([await warm(minusFirst, -0), await warm(minusFirst, 0), await minusFirst(-0)]).toEqual([
      '0 1',
      '0 2',
      '0 1',
    ]);
  });

  it('is not taken for one with none or with two, but for one with undefined behind it', async () => {
    const { cache } = await build();
    let loads = 0;
    const find = cache.wrap('find', (...args: unknown[]) => Promise.resolve([...args, ++loads]));
    for (let turn = 0; turn < 3; turn++) {
      expect(await find(0)).toEqual([0, 1]);
      expect(await find()).toEqual([2]);
      expect(await find(0, 1)).toEqual([0, 1, 3]);
      expect(await find(0, undefined)).toEqual([0, 1]);
    }
  });

  it('ends with its ttl', async () => {
    const stack = await build({ ttl: 1_000 });
    const find = counted(stack);
    await warm(find, 'x');
    await stack.clock.advance(999);
    expect(await find('x')).toBe('x 1');
    await stack.clock.advance(1);
    expect(await find('x')).toBe('x 2');
  });

  it('is given the old value while it is refreshed behind, and then the new one', async () => {
    const stack = await build({ ttl: 1_000, staleWhileRevalidate: 1_000 });
    const find = counted(stack);
    await warm(find, 'x');
    await stack.clock.advance(1_500);
    expect(await find('x')).toBe('x 1');
    await settle();
    expect(await find('x')).toBe('x 2');
    expect(stack.heard.of('staleHit')).toEqual([["find('x)", 'memory', 'revalidating']]);
    await stack.clock.advance(2_000);
    expect(await find('x')).toBe('x 3');
  });

  it('is given the old value when the load fails, and not when there is none', async () => {
    const { cache, clock } = await build({ ttl: 1_000, staleIfError: 1_000, retryAfter: 100 });
    let isDown = false;
    const find = cache.wrap('find', (id: string) => (isDown ? Promise.reject(new Error('down')) : Promise.resolve(id)));
    for (let turn = 0; turn < 3; turn++) await find('x');
    isDown = true;
    expect(await find('x')).toBe('x');
    await clock.advance(1_500);
    expect(await find('x')).toBe('x');
    await clock.advance(500);
    await expect(find('x')).rejects.toThrow('down');
  });

  it('refreshes ahead of its end, at the very share of its ttl', async () => {
    const stack = await build({ ttl: 1_000, refreshAhead: 0.5 });
    const find = counted(stack);
    await warm(find, 'x');
    await stack.clock.advance(499);
    await find('x');
    expect(stack.heard.of('refresh')).toEqual([]);
    await stack.clock.advance(1);
    expect(await find('x')).toBe('x 1');
    await settle();
    expect(await find('x')).toBe('x 2');
    expect(stack.heard.of('refresh')).toEqual([["find('x)", 'ahead']]);
  });

  it('remembers null as long as negatives are, and counts it as such', async () => {
    const { cache, clock, heard } = await build({ ttl: '1h', negativeTtl: 1_000 });
    let loads = 0;
    const find = cache.wrap('find', (_id: string) => Promise.resolve(++loads > 1 ? 'there now' : null));
    for (let turn = 0; turn < 4; turn++) expect(await find('x')).toBeNull();
    expect(heard.of('negativeHit')).toHaveLength(3);
    expect(heard.of('hit')).toEqual([]);
    await clock.advance(1_000);
    expect(await find('x')).toBe('there now');
  });

  it('throws a remembered error, the very object', async () => {
    const { cache } = await build({ isNegativeError: () => true });
    const failure = new Error('no such user');
    let loads = 0;
    const find = cache.wrap('find', (_id: number) => (++loads, Promise.reject(failure)));
    for (let turn = 0; turn < 4; turn++) await expect(find(1)).rejects.toBe(failure);
    expect(loads).toBe(1);
  });

  it('is given a copy of its own of what cannot be frozen', async () => {
    const { cache } = await build();
    const find = cache.wrap('find', (_id: string) => Promise.resolve(new Map([['a', 1]])));
    for (let turn = 0; turn < 4; turn++) {
      const map = await find('x');
      expect(map).toEqual(new Map([['a', 1]]));
      map.clear();
    }
  });

  it.each<[string, (stack: Stack) => Promise<void>]>([
    ['a tag', ({ cache }) => cache.invalidateTags('t')],
    ['its key', ({ cache }) => cache.delete("find('x)")],
    ['clear', ({ cache }) => cache.clear()],
  ])('is ended by %s, at once and each time', async (_what, end) => {
    const stack = await build();
    const find = counted(stack, { tags: ['t'] });
    for (const loads of [1, 2, 3]) {
      expect(await warm(find, 'x')).toBe(`x ${loads}`);
      // Not awaited: what it ends, it ends when it is called.
      void end(stack);
    }
    expect(await find('x')).toBe('x 4');
  });

  it('is ended by a tag that only its result brought', async () => {
    const { cache } = await build();
    let loads = 0;
    const find = cache.wrap('find', (_id: number) => {
      loadContext().adapt({ tags: ['found'] });
      return Promise.resolve(++loads);
    });
    for (let turn = 0; turn < 3; turn++) expect(await find(5)).toBe(1);
    await cache.invalidateTags('another');
    expect(await find(5)).toBe(1);
    await cache.invalidateTags('found');
    expect(await find(5)).toBe(2);
  });

  it('is given what set has stored since', async () => {
    const stack = await build();
    const find = counted(stack);
    await warm(find, 1);
    for (const value of ['one', 'another']) {
      await stack.cache.set('find(1)', value);
      expect(await warm(find, 1)).toBe(value);
    }
  });

  it('is given what a forced load has stored since', async () => {
    const stack = await build();
    const find = counted(stack);
    await warm(find, 'x');
    await stack.cache.getOrSet("find('x)", () => 'forced', { force: true });
    expect(await find('x')).toBe('forced');
  });

  it('shares its answers with another function of the name', async () => {
    const { cache } = await build();
    const one = cache.wrap('find', (id: string) => Promise.resolve(`one ${id}`));
    const two = cache.wrap('find', (id: string) => Promise.resolve(`two ${id}`));
    for (let turn = 0; turn < 3; turn++) expect(await one('x')).toBe('one x');
    for (let turn = 0; turn < 3; turn++) expect([await two('x'), await two('y')]).toEqual(['one x', 'two y']);
    await cache.delete("find('x)");
    expect(await two('x')).toBe('two x');
    expect(await one('x')).toBe('two x');
  });

  it('loads each time where it is forced', async () => {
    const find = counted(await build(), { force: true });
    for (const loads of [1, 2, 3, 4]) expect(await find('x')).toBe(`x ${loads}`);
  });

  it('is refused where the signal of the wrapped function has fired', async () => {
    const { cache } = await build();
    const leaving = new AbortController();
    const find = cache.wrap('find', (id: string) => Promise.resolve(id), { signal: leaving.signal });
    for (let turn = 0; turn < 3; turn++) await find('x');
    leaving.abort(new Error('left'));
    await expect(find('x')).rejects.toThrow('left');
  });

  it('shows a refresh the value that it is to replace', async () => {
    const { cache, clock } = await build({ ttl: 1_000, staleWhileRevalidate: '1h' });
    const seen: LoadContext<unknown>['stale'][] = [];
    const find = cache.wrap('find', (_id: string) => {
      seen.push(loadContext().stale);
      return Promise.resolve(seen.length);
    });
    for (let turn = 0; turn < 3; turn++) await find('x');
    await clock.advance(1_000);
    await find('x');
    await settle();
    expect(seen).toEqual([undefined, 1]);
  });
});

// With Redis the option is refused: only memory can start a ttl anew.
onMemory('a call with a lone argument that was answered before', (build) => {
  it('starts the ttl anew at each hit where it slides', async () => {
    const stack = await build({ ttl: 1_000, sliding: true });
    const find = counted(stack);
    await warm(find, 'x');
    for (let turn = 0; turn < 5; turn++) {
      await stack.clock.advance(900);
      expect(await find('x')).toBe('x 1');
    }
    await stack.clock.advance(1_000);
    expect(await find('x')).toBe('x 2');
  });
});
