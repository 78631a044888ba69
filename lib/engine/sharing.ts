import type { Entry } from '../core/entry.js';
import type { Warn } from '../core/observer.js';
import type { ReleaseReason, SharedLease } from '../tiers/shared-tier.js';
import { Contest, type ContestParts, type RecoveredEntry } from './contest.js';
import type { Drain } from './drain.js';
import type { LoadRequest } from './load-request.js';
import type { RetryTimes } from './retry-times.js';
import { valueOf } from './shared-value.js';
import type { SaysUnwritable } from './unwritable.js';

/** What sharing works with. */
export interface SharingParts extends ContestParts {
  readonly drain: Drain;
  readonly warn: Warn;
  readonly saysUnwritable: SaysUnwritable;
  readonly retryTimes: RetryTimes;
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

  /** The shared tier has it again, as what it was; those behind it have it still. */
  putBack(lease: SharedLease, { entry, mark }: RecoveredEntry, { key, type }: LoadRequest): void {
    const { journal, drain, reporter } = this.#parts;
    if (journal.blocks(key, entry.tags)) return this.giveBack(lease, 'refused');
    const stored = lease.putBack(valueOf(entry), type, mark);
    drain.owe(stored.catch((error: unknown) => reporter.error('redis store', error)));
  }

  /** Nothing is to be shared: the next load of the same function need not be waited for. */
  keepAlone(lease: SharedLease, { key }: LoadRequest): void {
    this.#parts.solo.add(key);
    this.giveBack(lease, 'nothing');
  }

  /** What the load says is not kept, and ends what was there before: until Redis was told, it is not asked for it. */
  endWithout(lease: SharedLease, { key }: LoadRequest): void {
    const { drain, journal, reporter, shared, farther } = this.#parts;
    farther?.drop([key]);
    const owed = journal.owe({ kind: 'key', key });
    const ended = lease.release('nothing').then(() => shared.invalidateKey(key));
    const told = ended.then(
      () => journal.settle([owed]),
      (error: unknown) => {
        journal.keep([owed]);
        reporter.error('redis lease', error);
      },
    );
    drain.owe(told);
  }

  /** A load failed: until then the old value is served without another. */
  retryAt(key: string, instant: number): void {
    this.#parts.retryTimes.note(key, instant);
  }

  giveBack(lease: SharedLease, reason: ReleaseReason): void {
    const { drain, reporter } = this.#parts;
    drain.owe(lease.release(reason).catch((error: unknown) => reporter.error('redis lease', error)));
  }

  async #store(
    lease: SharedLease,
    entry: Entry,
    { key, name, type }: Pick<LoadRequest, 'key' | 'name' | 'type'>,
  ): Promise<void> {
    const { reporter, solo, warn, farther } = this.#parts;
    try {
      // Whoever waits for the load goes on first.
      await Promise.resolve();
      const outcome = await lease.store(valueOf(entry), type);
      if (outcome === 'refused') return;
      if (outcome === 'stored' || 'copy' in outcome) {
        solo.delete(key);
        if (outcome !== 'stored') farther?.keep(key, outcome.copy);
        return;
      }
      solo.add(key);
      warn(this.#parts.saysUnwritable(name, outcome.unwritable));
    } catch (error) {
      reporter.error('redis store', error);
    }
  }
}
