import { describe, expect, it } from '@jest/globals';
import { createLayerCache, ReentrantLoadError } from '../../lib/index.js';
import { ManualClock } from '../../lib/testing/index.js';
import { MemoryTier } from '../../lib/tiers/memory.tier.js';
import { Source, settle, stateOf } from '../support/source.js';
import { onEveryTopology } from '../support/topology.js';

onEveryTopology('a load whose end sets off other things', (build) => {
  it('ends once, and gives its slot back once, when its last caller is aborted from within', async () => {
    const cacheOf: { abort?: () => void } = {};
    const { cache, heard } = await build({ loads: 2, observers: [{ load: () => cacheOf.abort?.() }] });
    for (let index = 0; index < 10; index++) {
      const leaving = new AbortController();
      cacheOf.abort = () => leaving.abort(new Error('left'));
      await cache.getOrSet(`k${index}`, () => index, { signal: leaving.signal }).catch(() => undefined);
    }
    delete cacheOf.abort;
    expect(heard.of('load')).toHaveLength(10);
    const source = new Source<number>();
    const reads = Array.from({ length: 6 }, (_, index) => cache.getOrSet(`later ${index}`, source.load));
    await settle();
    expect(source.loads).toBe(2);
    for (let index = 0; index < 6; index++) {
      source.answer(index, index);
      await settle();
    }
    expect(await Promise.all(reads)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('answers its callers although the value cannot be stored', async () => {
    const fault = new Error('tier is broken');
    class Broken extends MemoryTier {
      override set(): void {
        throw fault;
      }
    }
    const errors: unknown[] = [];
    const { cache } = await build(
      { timeout: false, observers: [{ error: (_cache, during, error) => void errors.push([during, error]) }] },
      { near: () => new Broken({ max: 10, maxBytes: undefined }) },
    );
    expect(await cache.getOrSet('a', () => 'loaded')).toBe('loaded');
    expect(errors).toEqual([['store', fault]]);
    expect(await cache.getOrSet('a', () => 'loaded again')).toBe('loaded again');
  });

  it.each([
    ['300,000 tags', (): unknown => 1, Array.from({ length: 300_000 }, (_, index) => `t${index}`)],
    ['a set of 300,000', (): unknown => new Set(Array.from({ length: 300_000 }, (_, index) => index)), []],
  ])('stores even %s', async (_, value, tags) => {
    const { cache } = await build({ memory: { maxBytes: '1gb' } });
    await cache.getOrSet('a', value, { tags });
    expect(await cache.has('a')).toBe(true);
  });

  it('survives an observer that throws what cannot even be described', async () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const odd = [Object.assign(new Error('x'), { message: { code: 5 } }), proxy, Symbol('x'), undefined];
    const { cache } = await build({
      observers: [
        {
          load: () => {
            throw odd[0];
          },
          miss: () => {
            throw odd[1];
          },
          hit: () => {
            throw odd[2];
          },
        },
      ],
    });
    expect(await cache.getOrSet('a', () => 1)).toBe(1);
    expect(await cache.get('a')).toBe(1);
  });

  it('survives a warning that throws', async () => {
    const emitWarning = process.emitWarning.bind(process);
    const emitted: unknown[] = [];
    process.emitWarning = (text: unknown) => void emitted.push(text);
    try {
      const { cache } = await build(
        { keyContext: () => undefined },
        {
          warn: () => {
            throw new Error('logger is broken');
          },
        },
      );
      expect(await cache.getOrSet('a', () => 1)).toBe(1);
    } finally {
      process.emitWarning = emitWarning;
    }
    expect(emitted).toEqual([expect.stringContaining('warn() failed: logger is broken')]);
  });
});

onEveryTopology('a forced load of a load’s own key', (build) => {
  it('is refused instead of going on for ever', async () => {
    const { cache } = await build();
    const load = async (): Promise<number> => {
      await Promise.resolve();
      return cache.getOrSet('k', load, { force: true });
    };
    await expect(cache.getOrSet('k', load)).rejects.toThrow(ReentrantLoadError);
  });

  it('is refused before its first await too, and through another key', async () => {
    const { cache } = await build();
    const load = (): Promise<number> => cache.getOrSet('j', () => cache.getOrSet('k', load, { force: true }));
    await expect(cache.getOrSet('k', load)).rejects.toMatchObject({ chain: ['k', 'j', 'k'] });
  });
});

onEveryTopology('an abort at an odd moment', (build) => {
  const reason = new Error('left');

  it('is noticed when the loader itself causes it before its first await', async () => {
    const { cache } = await build();
    const leaving = new AbortController();
    const read = cache.getOrSet(
      'a',
      () => {
        leaving.abort(reason);
        return new Promise<never>(() => undefined);
      },
      { signal: leaving.signal },
    );
    await expect(read).rejects.toBe(reason);
  });

  it('spares who has left a second attempt', async () => {
    const { cache } = await build();
    const source = new Source<string>();
    const load = async (context: Parameters<typeof source.load>[0]) => {
      const value = await source.load(context);
      context.adapt({ tags: ['found'] });
      return value;
    };
    const first = cache.getOrSet('a', load);
    await settle();
    await cache.invalidateTags('found');
    const leaving = new AbortController();
    const second = cache.getOrSet('a', load, { signal: leaving.signal });
    await settle();
    leaving.abort(reason);
    await expect(second).rejects.toBe(reason);
    source.answer('from before');
    await first;
    await settle();
    expect(source.loads).toBe(1);
  });

  it('of a signal that many calls share is listened to once', async () => {
    const { cache } = await build();
    const warnings: string[] = [];
    const onWarning = (warning: Error): void => void warnings.push(warning.name);
    process.on('warning', onWarning);
    const leaving = new AbortController();
    const source = new Source<string>();
    const reads = Array.from({ length: 200 }, (_, index) =>
      cache.getOrSet(`k${index}`, source.load, { signal: leaving.signal }).catch((error: unknown) => error),
    );
    leaving.abort(reason);
    expect(new Set(await Promise.all(reads))).toEqual(new Set([reason]));
    await settle();
    process.off('warning', onWarning);
    expect(warnings).toEqual([]);
  });

  it('ends a call that goes past the cache as well', async () => {
    const { cache } = await build({ enabled: false });
    const leaving = new AbortController();
    const source = new Source<string>();
    const read = cache.getOrSet('a', source.load, { signal: leaving.signal });
    leaving.abort(reason);
    await expect(read).rejects.toBe(reason);
    expect(source.contexts[0]?.signal.aborted).toBe(true);
    await expect(cache.getOrSet('a', source.load, { signal: leaving.signal })).rejects.toBe(reason);
    expect(source.loads).toBe(1);
  });
});

onEveryTopology('storing many other keys during a load', (build) => {
  it('costs the load nothing: it is joined and stored', async () => {
    const { cache } = await build();
    const source = new Source<string>();
    const first = cache.getOrSet('hot', source.load);
    await settle();
    for (let index = 0; index < 25_000; index++) void cache.set(`other ${index}`, index);
    const second = cache.getOrSet('hot', source.load);
    expect(source.loads).toBe(1);
    source.answer('loaded');
    expect(await Promise.all([first, second])).toEqual(['loaded', 'loaded']);
    expect(await cache.get('hot')).toBe('loaded');
  });
});

onEveryTopology('input that looks right and is not', (build) => {
  it('is refused by rejecting, never by throwing, whether there is a value or not', async () => {
    const { cache } = await build();
    await cache.set('a', 1);
    expect(await cache.getOrSet('a', () => 2, null as never)).toBe(1);
    await expect(cache.getOrSet('b', () => 2, null as never)).rejects.toThrow('options: got null');
    await expect(cache.getOrSet('b', () => 2, [] as never)).rejects.toThrow('options: got an array of 0');
    const scoped = (await build({ keyContext: () => 'acme' })).cache;
    for (const key of [Symbol('a'), '', undefined] as string[]) {
      await expect(scoped.get(key)).rejects.toThrow('the key is');
      await expect(scoped.has(key)).rejects.toThrow('the key is');
      await expect(scoped.getOrSet(key, () => 1)).rejects.toThrow('the key is');
    }
  });

  it('is a promise given to set, which every reader would await anew', async () => {
    const { cache } = await build();
    await expect(cache.set('a', Promise.resolve(1))).rejects.toThrow('value: got an object, takes a value: await');
    // oxlint-disable-next-line unicorn/no-thenable
    await expect(cache.set('a', { then: () => undefined })).rejects.toThrow('value: got an object');
  });

  it('is nothing given to adapt', async () => {
    const { cache } = await build();
    for (const overrides of [undefined, null, 5, []] as never[]) {
      await expect(cache.getOrSet('a', ({ adapt }) => adapt(overrides))).rejects.toThrow('adapt: got');
    }
  });
});

describe('Sliding and refresh-ahead together', () => {
  it('both act: a late hit refreshes and starts the ttl anew', async () => {
    const clock = new ManualClock();
    const cache = createLayerCache({ ttl: 1_000, jitter: 0, sliding: true, refreshAhead: 0.8 }, { clock });
    const source = new Source<string>();
    await cache.set('a', 'old');
    await clock.advance(900);
    expect(await cache.getOrSet('a', source.load)).toBe('old');
    expect(source.loads).toBe(1);
    expect(await cache.lookup('a')).toMatchObject({ ttl: 1_000 });
    expect(await stateOf(cache.getOrSet('a', source.load))).toBe('fulfilled');
    source.answer('new');
    await settle();
    expect(await cache.get('a')).toBe('new');
  });
});

describe('A clock below zero', () => {
  it('does not keep old values from being refreshed', async () => {
    const clock = new ManualClock(-1_000_000);
    const cache = createLayerCache({ ttl: 1_000, staleWhileRevalidate: '1h', jitter: 0 }, { clock });
    await cache.set('a', 'old');
    await clock.advance(1_500);
    await cache.getOrSet('a', () => 'new');
    await settle();
    expect(await cache.get('a')).toBe('new');
  });
});
