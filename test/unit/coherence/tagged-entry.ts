import { Entry } from '../../../lib/core/entry.js';

/** What of an entry an invalidation could concern. */
export interface Tagged {
  readonly key?: string;
  readonly tags: readonly string[];
  /** Where its load began. */
  readonly position: number;
  /** When it was loaded. */
  readonly born?: number;
  /** How long that took. */
  readonly loadMs?: number;
}

/** An entry of which only key, tags and position matter. */
export const taggedEntry = ({ key = 'k', tags, position, born = 0, loadMs = 0 }: Tagged): Entry =>
  new Entry({
    key,
    value: 'v',
    terms: { form: 'shared', staleWhileRevalidate: 0, staleIfError: 0, slidingTtl: 0, refreshAhead: undefined },
    tags,
    position,
    born,
    freshUntil: 1_000,
    quietUntil: 1_000,
    loadMs,
  });
