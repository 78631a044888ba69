import { type Entry, freshness, type Freshness } from '../core/entry.js';
import type { EvictionCause } from '../core/observer.js';
import { hashOf } from '../coherence/fingerprint.js';
import type { Ledger } from '../coherence/ledger.js';
import type { Detached, Trust } from '../coherence/trust.js';
import type { Reporter } from '../observe/reporter.js';
import type { NearTier } from '../tiers/near-tier.js';

/** What looking works with. */
export interface LookParts {
  readonly near: NearTier;
  readonly ledger: Ledger;
  readonly trust: Pick<Trust, 'until' | 'standingOf'>;
  readonly reporter: Reporter;
  /** How long an entry that cannot be proven may be served, in milliseconds. */
  readonly detachedTtl: number;
  /** Any number: processes with different ones ask for different keys first, when all have to ask for all. */
  readonly salt: number;
}

/** Looks a key up in memory, and clears away what it finds there that nobody may be given any more. */
export class Look {
  readonly #parts: LookParts;

  constructor(parts: LookParts) {
    this.#parts = parts;
  }

  /** The entry under `key` that memory may answer with, whatever its age short of its end, or undefined. */
  at(key: string, now: number): Entry | undefined {
    const { near, ledger, trust } = this.#parts;
    const entry = near.get(key);
    if (entry === undefined) return undefined;
    if (!ledger.admits(entry) && ledger.refuses(entry)) return this.#drop(entry, 'invalidated');
    if (this.freshness(entry, now) === 'dead') return this.#drop(entry, 'expired');
    const standing = trust.standingOf(entry, now);
    if (standing === 'ask' || (standing === 'proven' && now >= entry.askAt && entry.terms.slidingTtl === 0))
      return undefined;
    return entry;
  }

  /** Whether an entry that memory does not hold may be served in need: one that another tier had, and that nothing can have ended. */
  mayLend(entry: Entry, now: number): boolean {
    const { near, ledger } = this.#parts;
    if (near.get(entry.key) !== undefined || ledger.covers(entry, entry.position)) return false;
    return this.#mayBeUsed(entry, now);
  }

  /** Whether a load may be shown what it is to replace: memory held it when it was called. */
  mayShow(entry: Entry, now: number): boolean {
    const { near, ledger } = this.#parts;
    return near.get(entry.key) === entry && ledger.admits(entry) && this.#mayBeUsed(entry, now);
  }

  /** What may be done with an entry of memory, by its age and by how long nobody could be asked about it. */
  freshness(entry: Entry, now: number): Freshness {
    const { ledger, trust } = this.#parts;
    const byAge = freshness(entry, now);
    if (now < trust.until && ledger.admits(entry)) return byAge;
    const standing = trust.standingOf(entry, now);
    return typeof standing === 'string' ? byAge : this.#detachedFreshness(entry, byAge, now - sinceOf(entry, standing));
  }

  #mayBeUsed(entry: Entry, now: number): boolean {
    return this.#parts.trust.standingOf(entry, now) !== 'ask' && this.freshness(entry, now) !== 'dead';
  }

  /** Each grows stale at its own moment, so that not everything is asked for at once when the source is all that is left. */
  #detachedFreshness(entry: Entry, byAge: Freshness, detachedFor: number): Freshness {
    const { detachedTtl, salt } = this.#parts;
    if (detachedFor >= detachedTtl) return 'dead';
    const share = ((hashOf(entry.key) ^ salt) >>> 0) / 2 ** 32;
    return byAge === 'fresh' && detachedFor >= detachedTtl * share ? 'stale' : byAge;
  }

  #drop(entry: Entry, cause: EvictionCause): undefined {
    this.#parts.near.delete(entry.key);
    this.#parts.reporter.evict(entry.key, cause);
  }
}

/** What was loaded here since then has missed nothing that came before its load. */
function sinceOf({ born, loadMs }: Entry, { since }: Detached): number {
  return Math.max(since, born - loadMs);
}
