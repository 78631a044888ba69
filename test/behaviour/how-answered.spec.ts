import { expect, it } from '@jest/globals';
import { settle, Source } from '../support/source.js';
import { onEveryTopology, type Stack } from '../support/topology.js';
import type { Answered } from '../../lib/engine/call.js';
import type { Loader } from '../../lib/engine/load-context.js';
import type { CachePolicyOptions } from '../../lib/index.js';

/** How calls of one function were answered, in order: by what, and what it says. */
class Told {
  readonly #reads: ReturnType<Stack['cache']['bind']>;
  readonly all: (readonly [by: Answered['by'], value: unknown])[] = [];

  constructor({ cache }: Stack, options?: CachePolicyOptions) {
    this.#reads = cache.bind('find', options);
  }

  /** The call that has the key `find(1)`. */
  call(load: Loader<unknown>): Promise<unknown> {
    const reads = this.#reads;
    const answer = reads.read({
      ...{ key: 'find(1)', args: [1], load, runUncached: () => 'not cached' },
      policy: () => reads.policy,
      onAnswered: ({ by, entry }) => void this.all.push([by, entry.value]),
    });
    return Promise.resolve(answer);
  }
}

const failing = (): Promise<never> => Promise.reject(new Error('source is down'));

onEveryTopology('the one who made a call is told that the answer came', (build) => {
  it('from a load that was stored, and from then on from a tier', async () => {
    const told = new Told(await build());
    for (let call = 0; call < 3; call++) await told.call(() => 'v');
    expect(told.all).toEqual([
      ['stored-load', 'v'],
      ['tier', 'v'],
      ['tier', 'v'],
    ]);
  });

  it('from a load that was not stored, because it was skipped or overtaken', async () => {
    const stack = await build();
    const told = new Told(stack);
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
    const told = new Told(stack, { ttl: 1_000, staleWhileRevalidate: '1h' });
    await told.call(() => 'old');
    await stack.clock.advance(1_000);
    await told.call(() => 'new');
    expect(told.all.at(-1)).toEqual(['tier', 'old']);
  });

  it('from a tier where a fresh value is refreshed early', async () => {
    const stack = await build();
    const told = new Told(stack, { ttl: 1_000, refreshAhead: 0.5 });
    await told.call(() => 'old');
    await stack.clock.advance(600);
    await told.call(() => 'new');
    expect(told.all.at(-1)).toEqual(['tier', 'old']);
  });

  it('from a tier where the load fails, and is not tried again for a while', async () => {
    const stack = await build();
    const told = new Told(stack, { ttl: 1_000, staleIfError: '1h' });
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
    const told = new Told(stack, { ttl: 1_000, staleIfError: '1h', softTimeout: 200 });
    await told.call(() => 'old');
    await stack.clock.advance(1_000);
    const slow = told.call(new Source<unknown>().load);
    await stack.clock.advance(200);
    expect([await slow, told.all.at(-1)]).toEqual(['old', ['tier', 'old']]);
  });

  it('from a tier where no load can begin', async () => {
    const stack = await build({ loads: 1 });
    const told = new Told(stack, { ttl: 1_000, staleIfError: '1h' });
    await told.call(() => 'old');
    await stack.clock.advance(1_000);
    void stack.cache.getOrSet('other', new Source<unknown>().load);
    await settle();
    await told.call(() => 'new');
    expect(told.all.at(-1)).toEqual(['tier', 'old']);
  });

  it('from a tier where his load was overtaken by what was set', async () => {
    const stack = await build();
    const told = new Told(stack);
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
