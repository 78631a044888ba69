import { LayerCacheKeyError } from '../core/errors.js';
import type { Ledger } from '../coherence/ledger.js';
import type { Reporter } from '../observe/reporter.js';
import type { NearTier } from '../tiers/near-tier.js';
import type { SharedTier } from '../tiers/shared-tier.js';
import type { Fetches } from './fetch.js';
import type { Flights } from './flight.js';
import type { Tell } from './tell.js';

/** Where invalidations go beyond this process. */
export interface Beyond {
  readonly shared: SharedTier;
  readonly tell: Tell;
}

/** What invalidating works with. */
export interface InvalidateParts {
  readonly near: NearTier;
  readonly ledger: Ledger;
  readonly flights: Flights;
  readonly fetches: Fetches | undefined;
  readonly beyond: Beyond | undefined;
  readonly reporter: Reporter;
}

/**
 * Ends what was loaded before now, by key, by tag, or all of it. In this process that is done when the call returns; the promise is
 * for the others.
 */
export class Invalidate {
  readonly #parts: InvalidateParts;

  constructor(parts: InvalidateParts) {
    this.#parts = parts;
  }

  keys(keys: readonly string[]): Promise<void> {
    const { beyond, reporter } = this.#parts;
    for (const key of keys) this.keyHere(key);
    const told = beyond?.tell.keys([...new Set(keys)]);
    if (keys.length > 0) reporter.invalidate('key', keys);
    return told ?? Promise.resolve();
  }

  tags(tags: readonly string[]): Promise<void> {
    tags.forEach(refuseBadTag);
    const { beyond, reporter } = this.#parts;
    const distinct = [...new Set(tags)];
    if (distinct.length === 0) return Promise.resolve();
    for (const tag of distinct) this.tagHere(tag);
    for (const tag of distinct) beyond?.shared.doom(tag);
    const told = beyond?.tell.tags(distinct);
    reporter.invalidate('tag', distinct);
    return told ?? Promise.resolve();
  }

  all(): Promise<void> {
    const { beyond, reporter } = this.#parts;
    this.allHere();
    beyond?.shared.doom(undefined);
    const told = beyond?.tell.all();
    reporter.invalidate('all', []);
    return told ?? Promise.resolve();
  }

  /** A key has one entry and one running load at the most: both are taken away, and nothing needs to be remembered. */
  keyHere(key: string): void {
    this.#parts.near.delete(key);
    this.#parts.flights.detach(key);
    this.#parts.fetches?.detach(key);
  }

  /** With a bucket: of the keys that belong there. */
  tagHere(tag: string, bucket?: number): void {
    this.#parts.ledger.recordTag(tag, bucket);
  }

  allHere(bucket?: number): void {
    this.#parts.ledger.recordAll(bucket);
  }
}

function refuseBadTag(tag: unknown, index: number): void {
  if (typeof tag === 'string' && tag !== '') return;
  const got = tag === '' ? 'empty' : `of type ${typeof tag}`;
  throw new LayerCacheKeyError(
    `tag ${index + 1} is ${got}; a tag is a text that is not empty. Nothing was invalidated.`,
  );
}
