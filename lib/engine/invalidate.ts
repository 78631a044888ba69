import { LayerCacheKeyError } from '../core/errors.js';
import type { Ledger } from '../coherence/ledger.js';
import type { Reporter } from '../observe/reporter.js';
import type { NearTier } from '../tiers/near-tier.js';
import type { Flights } from './flight.js';

/** What invalidating works with. */
export interface InvalidateParts {
  readonly near: NearTier;
  readonly ledger: Ledger;
  readonly flights: Flights;
  readonly reporter: Reporter;
}

/** Ends what was loaded before now, by key, by tag, or all of it. Done when the call returns; the promise is for tiers further off. */
export class Invalidate {
  readonly #parts: InvalidateParts;

  constructor(parts: InvalidateParts) {
    this.#parts = parts;
  }

  keys(keys: readonly string[]): Promise<void> {
    for (const key of keys) this.key(key);
    if (keys.length > 0) this.#parts.reporter.invalidate('key', keys);
    return Promise.resolve();
  }

  /** A key has one entry and one running load at the most: both are taken away, and nothing needs to be remembered. */
  key(key: string): void {
    this.#parts.near.delete(key);
    this.#parts.flights.detach(key);
  }

  tags(tags: readonly string[]): Promise<void> {
    tags.forEach(refuseBadTag);
    const distinct = [...new Set(tags)];
    for (const tag of distinct) this.#parts.ledger.recordTag(tag);
    if (distinct.length > 0) this.#parts.reporter.invalidate('tag', distinct);
    return Promise.resolve();
  }

  all(): Promise<void> {
    this.#parts.ledger.recordAll();
    this.#parts.reporter.invalidate('all', []);
    return Promise.resolve();
  }
}

function refuseBadTag(tag: unknown, index: number): void {
  if (typeof tag === 'string' && tag !== '') return;
  const got = tag === '' ? 'empty' : `of type ${typeof tag}`;
  throw new LayerCacheKeyError(
    `tag ${index + 1} is ${got}; a tag is a text that is not empty. Nothing was invalidated.`,
  );
}
