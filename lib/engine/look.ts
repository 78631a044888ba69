import { type Entry, freshness } from '../core/entry.js';
import type { EvictionCause } from '../core/observer.js';
import type { Ledger } from '../coherence/ledger.js';
import type { Reporter } from '../observe/reporter.js';
import type { NearTier } from '../tiers/near-tier.js';

/** Looks a key up in memory, and clears away what it finds there that nobody may be given any more. */
export class Look {
  readonly #near: NearTier;
  readonly #ledger: Ledger;
  readonly #reporter: Reporter;

  constructor(near: NearTier, ledger: Ledger, reporter: Reporter) {
    this.#near = near;
    this.#ledger = ledger;
    this.#reporter = reporter;
  }

  /** The entry under `key`, whatever its age short of its end, or undefined. */
  at(key: string, now: number): Entry | undefined {
    const entry = this.#near.get(key);
    if (entry === undefined) return undefined;
    if (!this.#ledger.admits(entry)) return this.#drop(entry, 'invalidated');
    if (freshness(entry, now) === 'dead') return this.#drop(entry, 'expired');
    return entry;
  }

  #drop(entry: Entry, cause: EvictionCause): undefined {
    this.#near.delete(entry.key);
    this.#reporter.evict(entry.key, cause);
  }
}
