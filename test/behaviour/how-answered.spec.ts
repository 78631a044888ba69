import { describe, expect, it } from '@jest/globals';
import { twoCaches } from '../support/cluster.js';
import { settle, Source } from '../support/source.js';
import { ToldCalls } from '../support/told-calls.js';
import { onEveryTopology } from '../support/topology.js';

const failing = (): Promise<never> => Promise.reject(new Error('source is down'));

onEveryTopology('the one who made a call is told that the answer came', (build) => {
  it('from a load that was stored, and from then on from a tier', async () => {
    const told = new ToldCalls(await build());
    for (let call = 0; call < 3; call++) await told.call(() => 'v');
    expect(told.all).toEqual([
      ['stored-load', 'v'],
      ['tier', 'v'],
      ['tier', 'v'],
    ]);
  });

  it('from a load that was not stored, because it was skipped or overtaken', async () => {
    const stack = await build();
    const told = new ToldCalls(stack);
    await told.call(({ skip }) => (skip(), 'skipped'));
    const source = new Source<unknown>();
    const overtaken = told.call(source.load);
    await settle();
    await stack.cache.delete('find(1)');
    source.answer('overtaken');
    await overtaken;
    expect(told.all).toEqual([
      ['unstored-load', 'skipped'],
      ['unstored-load', 'overtaken'],
    ]);
  });

  it('from a tier where an old value is served, and refreshed behind', async () => {
    const stack = await build();
    const told = new ToldCalls(stack, { ttl: 1_000, staleWhileRevalidate: '1h' });
    await told.call(() => 'old');
    await stack.clock.advance(1_000);
    await told.call(() => 'new');
    expect(told.all.at(-1)).toEqual(['tier', 'old']);
  });

  it('from a tier where a fresh value is refreshed early', async () => {
    const stack = await build();
    const told = new ToldCalls(stack, { ttl: 1_000, refreshAhead: 0.5 });
    await told.call(() => 'old');
    await stack.clock.advance(600);
    await told.call(() => 'new');
    expect(told.all.at(-1)).toEqual(['tier', 'old']);
  });

  it('from a tier where the load fails, and is not tried again for a while', async () => {
    const stack = await build();
    const told = new ToldCalls(stack, { ttl: 1_000, staleIfError: '1h' });
    await told.call(() => 'old');
    await stack.clock.advance(1_000);
    await told.call(failing);
    await told.call(failing);
    expect(told.all.slice(1)).toEqual([
      ['tier', 'old'],
      ['tier', 'old'],
    ]);
  });

  it('from a tier where the load is slow', async () => {
    const stack = await build();
    const told = new ToldCalls(stack, { ttl: 1_000, staleIfError: '1h', softTimeout: 200 });
    await told.call(() => 'old');
    await stack.clock.advance(1_000);
    const slow = told.call(new Source<unknown>().load);
    await stack.clock.advance(200);
    expect([await slow, told.all.at(-1)]).toEqual(['old', ['tier', 'old']]);
  });

  it('from a tier where no load can begin', async () => {
    const stack = await build({ loads: 1 });
    const told = new ToldCalls(stack, { ttl: 1_000, staleIfError: '1h' });
    await told.call(() => 'old');
    await stack.clock.advance(1_000);
    void stack.cache.getOrSet('other', new Source<unknown>().load);
    await settle();
    await told.call(() => 'new');
    expect(told.all.at(-1)).toEqual(['tier', 'old']);
  });

  it('from a tier where his load was overtaken by what was set', async () => {
    const stack = await build();
    const told = new ToldCalls(stack);
    const source = new Source<unknown>();
    const first = told.call((context) => (context.adapt({ tags: ['t'] }), source.load(context)));
    await settle();
    await stack.cache.invalidateTags('t');
    const second = told.call(source.load);
    await settle();
    await stack.cache.set('find(1)', 'set');
    source.answer('loaded');
    expect(await Promise.all([first, second])).toEqual(['loaded', 'set']);
    expect(source.loads).toBe(1);
    expect(told.all).toEqual([
      ['unstored-load', 'loaded'],
      ['tier', 'set'],
    ]);
  });
});

describe('Where another process has loaded it, the one who made a call is told that the answer came from a tier,', () => {
  it.each([
    ['fresh', {}],
    ['to be refreshed early', { refreshAhead: 0.5 }],
  ] as const)('which had it before: %s', async (_words, options) => {
    const { cluster, a, b } = await twoCaches({ ttl: 1_000 });
    const [told, elsewhere] = [a, b].map((member) => new ToldCalls(member, options)) as [ToldCalls, ToldCalls];
    await elsewhere.call(() => 'theirs');
    await cluster.clock.advance(600);
    expect(await told.call(() => 'own')).toBe('theirs');
    expect(told.all).toEqual([['tier', 'theirs']]);
  });

  it('which has it since', async () => {
    const { cluster, a, b } = await twoCaches();
    const [told, elsewhere] = [a, b].map((member) => new ToldCalls(member)) as [ToldCalls, ToldCalls];
    const source = new Source<unknown>();
    const theirs = elsewhere.call(source.load);
    await cluster.settle();
    const own = told.call(() => 'own');
    await cluster.settle();
    source.answer('theirs');
    await theirs;
    await cluster.settle();
    expect(await own).toBe('theirs');
    expect([elsewhere.all, told.all]).toEqual([[['stored-load', 'theirs']], [['tier', 'theirs']]]);
  });
});
