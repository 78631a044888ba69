import { Entry } from '../../../lib/core/entry.js';

/** An entry of which only key, value and tags matter. */
export const makeEntry = (key: string, value: unknown = 'v', tags: readonly string[] = []): Entry =>
  new Entry({
    key,
    value,
    terms: { form: 'shared', staleWhileRevalidate: 0, staleIfError: 0, slidingTtl: 0, refreshAhead: undefined },
    tags,
    position: 0,
    born: 0,
    freshUntil: 1_000,
    quietUntil: 1_000,
    loadMs: 0,
  });
