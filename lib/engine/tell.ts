import { type Clock, stayAwake } from '../core/clock.js';
import type { Entry } from '../core/entry.js';
import { InvalidationPendingError, messageOf } from '../core/errors.js';
import type { Warn } from '../core/observer.js';
import type { Journal, Owed, Target } from '../coherence/journal.js';
import type { Reporter } from '../observe/reporter.js';
import { PartlyToldError, type SharedTier } from '../tiers/shared-tier.js';
import type { Drain } from './drain.js';
import type { Farther } from './farther.js';
import { valueOf } from './shared-value.js';
import type { SaysUnwritable } from './unwritable.js';

/** What telling works with. */
export interface TellParts {
  readonly clock: Clock;
  readonly shared: SharedTier;
  readonly journal: Journal;
  readonly drain: Drain;
  readonly reporter: Reporter;
  readonly warn: Warn;
  readonly saysUnwritable: SaysUnwritable;
  /** How long a caller waits, in milliseconds. */
  readonly limit: number;
  readonly detachedTtl: number;
  /** Where there are tiers behind the shared one. */
  readonly farther?: Farther | undefined;
}

/** As many targets are told of at once, when many are owed. */
const AT_ONCE = 200;

/** Tells the shared tier, and through it the other processes, of invalidations that have taken effect here. */
export class Tell {
  readonly #parts: TellParts;
  /** What was set last for each key, and is not on its way into Redis yet. */
  readonly #unstored = new Map<string, Entry>();
  #isRepeating = false;
  /** What was said last of what is owed and could not be told: it is said once. */
  #complaint = '';

  constructor(parts: TellParts) {
    this.#parts = parts;
  }

  async keys(keys: readonly string[]): Promise<void> {
    for (const key of keys) this.#unstored.delete(key);
    this.#parts.farther?.drop(keys);
    await Promise.all(keys.map((key) => this.#tell([{ kind: 'key', key }], (shared) => shared.invalidateKey(key))));
  }

  tags(tags: readonly string[]): Promise<void> {
    for (const entry of this.#unstored.values()) if (entry.tags.some((tag) => tags.includes(tag))) this.#take(entry);
    const targets = tags.map((tag): Target => ({ kind: 'tag', tag }));
    return this.#tell(targets, (shared) => shared.invalidateTags(tags));
  }

  all(): Promise<void> {
    this.#unstored.clear();
    return this.#tell([{ kind: 'all' }], (shared) => shared.clear());
  }

  /** Until it was told, nobody can be heard of who changes it: memory does not answer with it for long. */
  async set(entry: Entry): Promise<void> {
    const { shared, journal, warn, saysUnwritable, clock, detachedTtl, farther } = this.#parts;
    const { key } = entry;
    this.#unstored.set(key, entry);
    const owed = journal.owe({ kind: 'key', key });
    const send = async (): Promise<void> => {
      const outcome = await shared.set(key, valueOf(entry), () => this.#take(entry));
      if (typeof outcome === 'object' && 'copy' in outcome) farther?.keep(key, outcome.copy);
      else if (typeof outcome === 'object') warn(saysUnwritable('set()', outcome.unwritable));
      // What it was to end is over, whatever has become of the value.
      journal.settle([owed]);
    };
    try {
      await this.#send([owed], send);
    } catch (error) {
      entry.limitTo(clock.now() + detachedTtl);
      throw error;
    } finally {
      this.#take(entry);
    }
  }

  /** Tells what could not be told before. */
  repeat(): void {
    if (this.#isRepeating || this.#parts.journal.size === 0) return;
    this.#isRepeating = true;
    const over = (): void => {
      this.#isRepeating = false;
    };
    this.#repeat().then(over, over);
  }

  #tell(targets: readonly Target[], send: (shared: SharedTier) => Promise<void>): Promise<void> {
    const { shared, journal } = this.#parts;
    const owed = targets.map((target) => journal.owe(target));
    return this.#send(owed, async () => {
      try {
        await send(shared);
      } catch (error) {
        throw this.#partOf(owed, error);
      }
      journal.settle(owed);
    });
  }

  /** What was told is not owed any more; the answer is why the rest is. */
  #partOf(owed: readonly Owed[], error: unknown): unknown {
    if (!(error instanceof PartlyToldError)) return error;
    this.#parts.journal.settle(owed, error.told);
    return error.cause;
  }

  /** Whether nothing has come since that ends it: what was set before is not to be stored after that, whatever way the two take. */
  #take(entry: Entry): boolean {
    return this.#unstored.get(entry.key) === entry && this.#unstored.delete(entry.key);
  }

  /** Waits, where Redis cannot be asked now, or not all of it, for it to come back before the caller's time is over. */
  #send(owed: readonly Owed[], attempt: () => Promise<void>): Promise<void> {
    const { clock, shared, journal, drain, limit } = this.#parts;
    const due = clock.now() + limit;
    if (!owed.every(({ target }) => this.#mayTell(target))) {
      journal.keep(owed);
      return this.#toldBy(due, owed, 'it cannot be reached');
    }
    const work = attempt().catch((error: unknown) => {
      journal.keep(owed);
      if (shared.isWhole || clock.now() >= due) throw new InvalidationPendingError(error);
      return this.#toldBy(due, owed, error);
    });
    drain.owe(work);
    return work;
  }

  /** What concerns all of it is told to what there is, so that it holds there at once. */
  #mayTell(target: Target): boolean {
    const { shared } = this.#parts;
    return target.kind === 'key' ? shared.reaches(target.key) : shared.isReachable;
  }

  #toldBy(due: number, owed: readonly Owed[], reason: unknown): Promise<void> {
    const { clock } = this.#parts;
    const left = due - clock.now();
    const sleepAgain = stayAwake(left);
    const told = new Promise<void>((resolve, reject) => {
      const stop = clock.after(left, () => reject(new InvalidationPendingError(reason)));
      void Promise.all(owed.map((one) => one.told)).then(() => {
        stop();
        resolve();
      });
    });
    return told.finally(sleepAgain);
  }

  async #repeat(): Promise<void> {
    const left = this.#parts.journal.each().flatMap((owed) => this.#tellable(owed));
    for (let first = 0; first < left.length; first += AT_ONCE) {
      const told = await Promise.all(left.slice(first, first + AT_ONCE).map((some) => this.#repeatOne(some)));
      if (!told.some(Boolean)) return;
    }
  }

  /** Of what is owed about one target, what can be told now. */
  #tellable(owed: readonly Owed[]): readonly Tellable[] {
    const { shared } = this.#parts;
    const [first] = owed;
    const untold = new Set(owed.flatMap((one) => [...one.untold]));
    const parts = new Set([...untold].filter((part) => shared.reachesPart(part)));
    return first === undefined || parts.size === 0 ? [] : [{ target: first.target, owed, parts }];
  }

  async #repeatOne({ target, owed, parts }: Tellable): Promise<boolean> {
    const { journal, reporter, shared } = this.#parts;
    try {
      await send(shared, target, parts);
      journal.settle(owed, parts);
      this.#complaint = '';
      return true;
    } catch (error) {
      const reason = this.#partOf(owed, error);
      const complaint = messageOf(reason);
      if (complaint !== this.#complaint) reporter.error('invalidation owed', reason);
      this.#complaint = complaint;
      return false;
    }
  }
}

interface Tellable {
  readonly target: Target;
  readonly owed: readonly Owed[];
  /** Those of them that have yet to be told, and can be. */
  readonly parts: ReadonlySet<number>;
}

function send(shared: SharedTier, target: Target, parts: ReadonlySet<number>): Promise<void> {
  switch (target.kind) {
    case 'key':
      return shared.invalidateKey(target.key);
    case 'tag':
      return shared.invalidateTags([target.tag], parts);
    default:
      return shared.clear(parts);
  }
}
