import type { Entry } from '../core/entry.js';
import type { Warn } from '../core/observer.js';
import type { ReleaseReason, SharedLease } from '../tiers/shared-tier.js';
import { Contest, type ContestParts } from './contest.js';
import type { Drain } from './drain.js';
import type { LoadRequest } from './load-request.js';
import { valueOf } from './shared-value.js';
import { unwritable } from './tell.js';

/** What sharing works with. */
export interface SharingParts extends ContestParts {
  readonly drain: Drain;
  readonly warn: Warn;
}

/** Shares loads with other processes: one of them loads, and all have what it brought. */
export class Sharing {
  readonly #parts: SharingParts;

  constructor(parts: SharingParts) {
    this.#parts = parts;
  }

  contestOf(request: LoadRequest): Contest {
    return new Contest(this.#parts, request);
  }

  /** Owed to the others, not to the caller, who has his answer. */
  store(lease: SharedLease, entry: Entry, { key, name, type }: LoadRequest): void {
    const { journal, drain } = this.#parts;
    if (journal.blocks(key, entry.tags)) this.giveBack(lease, 'refused');
    else drain.owe(this.#store(lease, entry, { key, name, type }));
  }

  /** With the key of a load that has nothing to share: the next one need not be waited for. */
  giveBack(lease: SharedLease, reason: ReleaseReason, key?: string): void {
    const { drain, reporter, solo } = this.#parts;
    if (reason === 'nothing' && key !== undefined) solo.add(key);
    drain.owe(lease.release(reason).catch((error: unknown) => reporter.error('redis lease', error)));
  }

  async #store(
    lease: SharedLease,
    entry: Entry,
    { key, name, type }: Pick<LoadRequest, 'key' | 'name' | 'type'>,
  ): Promise<void> {
    const { reporter, solo, warn } = this.#parts;
    try {
      // Whoever waits for the load goes on first.
      await Promise.resolve();
      const outcome = await lease.store(valueOf(entry), type);
      if (outcome === 'stored') solo.delete(key);
      if (typeof outcome !== 'object') return;
      solo.add(key);
      warn(unwritable(name, outcome.unwritable));
    } catch (error) {
      reporter.error('redis store', error);
    }
  }
}
