import type { Clock } from '../core/clock.js';
import { type Entry, freshness, type Freshness } from '../core/entry.js';
import type { Ledger } from '../coherence/ledger.js';
import type { Reporter } from '../observe/reporter.js';
import type { CachePolicy } from '../policy/resolve-policy.js';
import type { Fetches } from './fetch.js';
import type { Look } from './look.js';

/** What peeking works with. */
export interface PeekParts {
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly look: Look;
  /** Where there is a tier beyond memory. */
  readonly beyond: { readonly fetches: Fetches } | undefined;
  /** The cache's own: there is no call to have another. */
  readonly policy: CachePolicy;
  readonly reporter: Reporter;
}

/** A value that may be shown, fresh or within `staleWhileRevalidate`. */
export interface Peeked {
  readonly entry: Entry;
  readonly tier: string;
  readonly state: 'fresh' | 'stale';
}

/** Finds values without loading any. */
export class Peek {
  readonly #parts: PeekParts;

  constructor(parts: PeekParts) {
    this.#parts = parts;
  }

  /** A remembered error is no value. */
  at(key: string): Peeked | undefined | Promise<Peeked | undefined> {
    const { clock, ledger, look, beyond, policy, reporter } = this.#parts;
    const now = clock.now();
    const entry = look.at(key, now);
    const near = entry && shown(entry, reporter.nearName, look.freshness(entry, now));
    if (near !== undefined || beyond === undefined) return near;
    const request = { key, policy, type: undefined, since: ledger.position, reach: 'farthest' } as const;
    if (!beyond.fetches.mayAsk(request)) return undefined;
    return beyond.fetches.fetch(request).then(({ entry: found, tier }) => {
      return found && shown(found, tier, freshness(found, clock.now()));
    });
  }

  /** The same, counted as a read. */
  read(key: string): Peeked | undefined | Promise<Peeked | undefined> {
    const found = this.at(key);
    return found instanceof Promise ? found.then((peeked) => this.#counted(key, peeked)) : this.#counted(key, found);
  }

  #counted(key: string, found: Peeked | undefined): Peeked | undefined {
    const { reporter, clock } = this.#parts;
    if (found === undefined) reporter.miss(key);
    else if (found.state === 'fresh') reporter.fresh(found.entry, found.tier);
    else reporter.staleHit(key, 'revalidating', found.tier);
    const now = clock.now();
    if (found !== undefined && found.entry.terms.slidingTtl > 0 && now < found.entry.freshUntil) found.entry.renew(now);
    return found;
  }
}

function shown(entry: Entry, tier: string, state: Freshness): Peeked | undefined {
  if (entry.terms.form === 'error') return undefined;
  return state === 'fresh' || state === 'stale' ? { entry, tier, state } : undefined;
}
