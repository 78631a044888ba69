import type { Entry } from '../core/entry.js';
import type { RefreshReason } from '../core/observer.js';
import type { Reporter } from '../observe/reporter.js';
import type { CachePolicy } from '../policy/resolve-policy.js';
import type { SharedMark } from '../tiers/shared-tier.js';
import type { Call } from './call.js';
import type { Drain } from './drain.js';
import type { LoadSlots } from './load-slots.js';
import type { Miss } from './miss.js';

/** What refreshing works with. */
export interface RefreshParts {
  readonly slots: LoadSlots;
  readonly miss: Miss;
  readonly drain: Drain;
  readonly reporter: Reporter;
}

/** What is refreshed, and why. */
export interface RefreshOf {
  readonly policy: CachePolicy;
  readonly old: Entry;
  readonly mark: SharedMark;
  readonly reason: RefreshReason;
}

/** Loads anew behind a value that was served. */
export class Refresh {
  readonly #parts: RefreshParts;

  constructor(parts: RefreshParts) {
    this.#parts = parts;
  }

  /** Whether one may begin now. It never waits for a turn: the next reader tries again. */
  mayBegin(entry: Entry, now: number): boolean {
    const { drain, slots } = this.#parts;
    return drain.open && now >= entry.retryAt && slots.free;
  }

  begin(call: Call, { policy, old, mark, reason }: RefreshOf): void {
    const { miss, drain, reporter } = this.#parts;
    const { key, name, load, type } = call;
    // Entered before it is told: an observer who reads the key must find the refresh running.
    const flight = miss.fly({ key, name, load, type, policy, old, mark, isForced: false, place: 'behind' });
    drain.owe(flight.landing);
    reporter.refresh(key, reason);
  }
}
