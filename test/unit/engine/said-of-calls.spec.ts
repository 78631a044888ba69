import { describe, expect, it } from '@jest/globals';
import { createLayerCache, type CallOptions, type LayerCache, type LayerCacheParts } from '../../../lib/index.js';

const load = (): string => 'v';
const call = (cache: LayerCache, options: object): Promise<unknown> =>
  cache.getOrSet('k', load, options as CallOptions);
const HALF_A_SIGNAL = { addEventListener: (): void => undefined };
const OTHER_HALF = { removeEventListener: (): void => undefined };

describe('Whoever calls a cache wrongly is told what it takes:', () => {
  it.each<readonly [said: string, ask: (cache: LayerCache) => Promise<unknown>]>([
    ['the key is empty.', (cache) => cache.getOrSet('', load)],
    ['the key is empty.', (cache) => cache.set('', 'v')],
    ['the key is of type number; a key is a text that is not empty.', (cache) => cache.getOrSet(5 as never, load)],
    [
      'load: got undefined, takes a function that returns the value or a promise of it',
      (cache) => cache.getOrSet('k', undefined as never),
    ],
    [
      'value: got an object, takes a value: await the promise first, or use getOrSet',
      (cache) => cache.set('k', Promise.resolve()),
    ],
    [
      'tag 1 is empty; a tag is a text that is not empty. Nothing was invalidated.',
      (cache) => cache.invalidateTags('', 'b'),
    ],
    [
      'tag 2 is of type number; a tag is a text that is not empty. Nothing was invalidated.',
      (cache) => cache.invalidateTags('a', 5 as never),
    ],
    ['signal: got 5, takes an AbortSignal', (cache) => call(cache, { signal: 5 })],
    ['signal: got an object, takes an AbortSignal', (cache) => call(cache, { signal: HALF_A_SIGNAL })],
    ['signal: got an object, takes an AbortSignal', (cache) => call(cache, { signal: OTHER_HALF })],
    ['signal: got null, takes an AbortSignal', (cache) => call(cache, { signal: null })],
    ['force: got 1, takes true or false', (cache) => call(cache, { force: 1 })],
  ])('%s (%#)', async (said, ask) => {
    await expect(ask(createLayerCache())).rejects.toThrow(new Error(said));
  });

  it.each<readonly [said: string, name: string, fn: unknown]>([
    ["name: got '', takes a text that is not empty and has no '('", '', load],
    ["name: got 'a(', takes a text that is not empty and has no '('", 'a(', load],
    ["name: got 5, takes a text that is not empty and has no '('", 5 as never, load],
    ['fn: got 5, takes a function', 'a', 5],
  ])('%s', (said, name, fn) => {
    expect(() => createLayerCache().wrap(name, fn as () => Promise<string>)).toThrow(new Error(said));
  });

  it('that there is no context to write under', async () => {
    const warnings: string[] = [];
    const warn = (message: string): void => void warnings.push(message);
    const cache = createLayerCache({ keyContext: () => undefined }, { warn });
    await expect(cache.set('k', 'v')).rejects.toThrow(
      new Error('keyContext returned no text, so there is no key to store or delete under.'),
    );
    expect(warnings).toEqual([
      "cache 'default': keyContext returned no text: such calls are not cached. Set it before the first cached call of a request.",
    ]);
  });

  it('which part it does not know', () => {
    expect(() => createLayerCache({}, { clok: 5 } as LayerCacheParts)).toThrow(
      new Error("parts.clok: got 5, but there is no such option. Did you mean 'parts.clock'?"),
    );
    expect(() => createLayerCache({}, 5 as never)).toThrow(/^parts: got 5/);
  });
});
