import type { Clock } from '../core/clock.js';
import { freshness } from '../core/entry.js';
import type { Ledger } from '../coherence/ledger.js';
import type { Reporter } from '../observe/reporter.js';
import type { CachePolicy } from '../policy/resolve-policy.js';
import type { Retention } from '../policy/retention.js';
import type { Admission } from './admission.js';
import type { Invalidate } from './invalidate.js';
import type { Tell } from './tell.js';

/** What putting works with. */
export interface PutParts {
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly retention: Retention;
  readonly admission: Admission;
  readonly invalidate: Invalidate;
  readonly tell: Tell | undefined;
  readonly reporter: Reporter;
}

/** Stores a value that nobody loaded. It is an invalidation, too: what was loaded before is over. */
export class Put {
  readonly #parts: PutParts;

  constructor(parts: PutParts) {
    this.#parts = parts;
  }

  /** In this process it is done when the call returns. */
  put(key: string, value: unknown, policy: CachePolicy): Promise<void> {
    const { clock, ledger, retention, admission, invalidate, tell, reporter } = this.#parts;
    const now = clock.now();
    const entry = retention.retain({ key, value, how: 'returned', position: ledger.position, now, loadMs: 0 }, policy);
    const isKept = freshness(entry, now) !== 'dead';
    invalidate.keyHere(key);
    if (isKept) admission.admit(entry);
    const told = isKept ? tell?.set(entry) : tell?.keys([key]);
    reporter.set(key);
    return told ?? Promise.resolve();
  }
}
