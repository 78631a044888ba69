import { expect, it } from '@jest/globals';
import { LayerCacheKeyError } from '../../lib/index.js';
import { settle } from '../support/source.js';
import { onEveryTopology } from '../support/topology.js';

onEveryTopology('the context of keys', (build) => {
  let tenant: string | undefined;
  const options = { keyContext: () => tenant };

  it('keeps the values of one tenant from another', async () => {
    const { cache } = await build(options);
    tenant = 'acme';
    await cache.set('a', 'of acme');
    tenant = 'umbrella';
    expect(await cache.get('a')).toBeUndefined();
    expect(await cache.getOrSet('a', () => 'of umbrella')).toBe('of umbrella');
    await cache.delete('a');
    tenant = 'acme';
    expect(await cache.get('a')).toBe('of acme');
    expect(await cache.has('a')).toBe(true);
    expect(await cache.lookup('a')).toMatchObject({ value: 'of acme' });
  });

  it('cannot be forged by a key that imitates one', async () => {
    const { cache } = await build(options);
    const pairs = [
      ['a', 'b'],
      ['', 'a:b'],
      ['a:b', 'c'],
      ['a', 'b:c'],
      ['1:a', 'x'],
      ['1', 'a:x'],
    ] as const;
    for (const [context, key] of pairs) {
      tenant = context;
      await cache.set(key, `${context} / ${key}`);
    }
    for (const [context, key] of pairs) {
      tenant = context;
      expect(await cache.get(key)).toBe(`${context} / ${key}`);
    }
  });

  it('does not share the running load of one tenant with another', async () => {
    const { cache } = await build(options);
    tenant = 'acme';
    const first = cache.getOrSet('a', () => Promise.resolve('of acme'));
    tenant = 'umbrella';
    const second = cache.getOrSet('a', () => Promise.resolve('of umbrella'));
    expect(await Promise.all([first, second])).toEqual(['of acme', 'of umbrella']);
  });

  it('gives the loader the key as its caller gave it', async () => {
    const { cache } = await build(options);
    tenant = 'acme';
    expect(await cache.getOrSet('a', ({ key }) => key)).toBe('a');
  });

  it('is crossed by tags and by clear: one reload too many is better than one wrong answer', async () => {
    const { cache } = await build(options);
    for (tenant of ['acme', 'umbrella']) await cache.set('a', 1, { tags: ['t'] });
    await cache.invalidateTags('t');
    for (tenant of ['acme', 'umbrella']) expect(await cache.has('a')).toBe(false);
    for (tenant of ['acme', 'umbrella']) await cache.set('a', 1);
    await cache.clear();
    for (tenant of ['acme', 'umbrella']) expect(await cache.has('a')).toBe(false);
  });

  it('that is missing makes a call go past the cache, with one warning', async () => {
    const { cache, heard, warnings } = await build(options);
    tenant = undefined;
    let loads = 0;
    const read = () => cache.getOrSet('a', ({ skip }) => (skip(), ++loads));
    expect(await read()).toBe(1);
    expect(await read()).toBe(2);
    expect(await cache.get('a')).toBeUndefined();
    expect(await cache.lookup('a')).toEqual({ found: false });
    expect(await cache.has('a')).toBe(false);
    expect(heard.of('bypass')).toEqual([
      ['a', 'no-context'],
      ['a', 'no-context'],
    ]);
    expect(warnings).toHaveLength(1);
  });

  it('that is missing makes no miss of what is looked up', async () => {
    const { cache, heard } = await build(options);
    tenant = undefined;
    for (const read of [cache.get('a'), cache.lookup('a'), cache.has('a')]) await read;
    expect([heard.events, cache.stats().misses]).toEqual([[], 0]);
  });

  it('is not asked for what is no key', async () => {
    const { cache, warnings } = await build(options);
    tenant = undefined;
    await expect(cache.get('')).rejects.toThrow(LayerCacheKeyError);
    await expect(cache.getOrSet('', () => 1)).rejects.toThrow(LayerCacheKeyError);
    expect(warnings).toEqual([]);
  });

  it('that is promised is missing, and why the promise fails is told', async () => {
    const fault = new Error('no store');
    const { cache, heard, warnings } = await build({ keyContext: () => Promise.reject(fault) as never });
    expect(await cache.getOrSet('a', () => 1)).toBe(1);
    await settle();
    expect([heard.of('bypass'), heard.of('error')]).toEqual([[['a', 'no-context']], [['keyContext', fault]]]);
    expect(warnings).toHaveLength(1);
  });

  it('that is missing refuses to store or delete, which would be for everybody', async () => {
    const { cache } = await build(options);
    tenant = undefined;
    await expect(cache.set('a', 1)).rejects.toThrow(LayerCacheKeyError);
    await expect(cache.delete('a')).rejects.toThrow(LayerCacheKeyError);
  });

  it('that throws or gives no text is treated as missing', async () => {
    const fault = new Error('no store');
    const { cache, heard } = await build({
      keyContext: () => {
        throw fault;
      },
    });
    expect(await cache.getOrSet('a', () => 1)).toBe(1);
    expect(heard.of('error')).toEqual([['keyContext', fault]]);
    expect(heard.of('bypass')).toEqual([['a', 'context-failed']]);
    const odd = await build({ keyContext: () => 7 as never });
    expect(await odd.cache.getOrSet('a', () => 1)).toBe(1);
    expect(odd.heard.of('bypass')).toEqual([['a', 'no-context']]);
  });
});
