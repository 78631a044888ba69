import type { Entry } from '../core/entry.js';
import type { Ledger } from './ledger.js';
import type { StreamLoss } from './stream.js';

/**
 * What may be done with an entry in memory. Proven: serve it. Ask: another tier knows, and can be asked. Detached: nobody can be
 * asked, or could not until now; it may be served for a while from then on.
 */
export type Standing = 'proven' | 'ask' | Detached;

/** Since when an entry could not be proven. */
export interface Detached {
  readonly since: number;
}

/** A moment up to which invalidations may have been missed. */
interface Loss {
  /** Entries last admitted before this number may have missed one. */
  below: number;
  /** Until then they were proven. */
  readonly since: number;
  /** Whether the shared tier was out of reach meanwhile. */
  readonly isOutage: boolean;
  /** Whether it may have lost what it held. */
  readonly isForgetful: boolean;
}

export interface TrustOptions {
  readonly ledger: Ledger;
  /** How long a confirmation holds, in milliseconds. */
  readonly bound: number;
  /** For how long an entry may be served that cannot be proven. */
  readonly detachedTtl: number;
  readonly bucketOf: (key: string) => number;
  readonly buckets: number;
}

/** Losses so close to one another are as good as one. */
const SAME_LOSS = 1_000;

/** Whether memory may answer by itself, and what may be done with it where it may not. */
export class Trust {
  /** Until then it may, whatever the entry: the least of all buckets. On the way of every hit. */
  until = Number.NEGATIVE_INFINITY;
  readonly buckets: readonly BucketTrust[];
  readonly #bucketOf: (key: string) => number;

  constructor({ buckets, bucketOf, ...options }: TrustOptions) {
    this.#bucketOf = bucketOf;
    const judge = (): void => {
      let least = Number.POSITIVE_INFINITY;
      for (const bucket of this.buckets) if (bucket.until < least) least = bucket.until;
      this.until = least;
    };
    this.buckets = Array.from({ length: buckets }, (_, bucket) => new BucketTrust(bucket, options, judge));
  }

  /** The same for the entries of one key. */
  untilOf(key: string): number {
    return this.#of(key).until;
  }

  standingOf(entry: Entry, now: number): Standing {
    return this.#of(entry.key).standingOf(entry, now);
  }

  #of(key: string): BucketTrust {
    return this.buckets[this.#bucketOf(key)] as BucketTrust;
  }
}

/** The same for one bucket: each has a server of its own, or may have. */
export class BucketTrust {
  readonly #bucket: number;
  readonly #options: Omit<TrustOptions, 'bucketOf' | 'buckets'>;
  readonly #changed: () => void;
  readonly #losses: Loss[] = [];
  /** Until then what was heard is known to be complete. */
  #confirmedUntil = Number.NEGATIVE_INFINITY;
  /** Until then the shared tier was last shown to be the one that accepts writes, and to be within reach. */
  #reachableUntil = Number.NEGATIVE_INFINITY;
  /** Whether it is not known yet what happened while the shared tier was out of reach. */
  #isCut = true;
  #isConnected = false;
  #hasFailed = false;

  constructor(bucket: number, options: Omit<TrustOptions, 'bucketOf' | 'buckets'>, changed: () => void) {
    this.#bucket = bucket;
    this.#options = options;
    this.#changed = changed;
  }

  get until(): number {
    return Math.min(this.#confirmedUntil, this.#reachableUntil);
  }

  /** Whether the shared tier may be read and written. */
  isReachable(now: number): boolean {
    return this.#isConnected && now < this.#reachableUntil;
  }

  /** Whether it is within reach, or nobody has looked for too long, for this process stood still. */
  mayBeReached(now: number): boolean {
    return this.#isConnected && (now < this.#reachableUntil || !this.#hasFailed);
  }

  /** It did not answer. */
  miss(): void {
    this.#hasFailed = true;
  }

  /** It accepted a write whose request was sent at `sentAt`. */
  reached(sentAt: number): void {
    this.#isConnected = true;
    this.#hasFailed = false;
    this.#reachableUntil = Math.max(this.#reachableUntil, sentAt + this.#options.bound);
    this.#changed();
  }

  /** It is out of reach. What was confirmed holds until its end. */
  cut(): void {
    this.#isConnected = false;
    this.#isCut = true;
  }

  /** Who answers is not, or no longer, the one to ask. */
  depose(now: number): void {
    this.cut();
    this.#reachableUntil = Math.min(this.#reachableUntil, now);
    this.#changed();
  }

  /** What was heard is known to be complete until then. */
  confirm(until: number): void {
    if (until === this.#confirmedUntil) return;
    // What arrives late from before says nothing of what came since.
    if (this.#isConnected && until > this.#confirmedUntil) this.#isCut = false;
    this.#confirmedUntil = until;
    this.#changed();
  }

  /** Invalidations may have been missed. */
  lose(now: number, loss: StreamLoss): void {
    const { ledger, detachedTtl } = this.#options;
    const losses = this.#losses;
    const since = Math.min(now, this.until);
    const isOutage = this.#isCut || now >= this.#reachableUntil;
    if (this.#isConnected) this.#isCut = false;
    const below = ledger.recordLoss(this.#bucket);
    const made = { below, since, isOutage, isForgetful: loss === 'the end' };
    const last = losses.at(-1);
    if (last !== undefined && areAlike(last, made)) last.below = below;
    else losses.push(made);
    // The first is kept, for what is older than it must be found to be gone.
    while (losses[1] !== undefined && now - losses[1].since > detachedTtl) losses.shift();
  }

  standingOf(entry: Entry, now: number): Standing {
    const losses = this.#losses.filter(({ below }) => entry.position < below);
    const [first] = losses;
    const end = this.until;
    if (!this.mayBeReached(now) && now >= end) return { since: Math.min(end, first?.since ?? end) };
    if (losses.some((loss) => mustAsk(loss, entry))) return 'ask';
    // Also what an outage left behind is served only while what comes since is heard.
    if (now >= end) return 'ask';
    return first === undefined ? 'proven' : { since: first.since };
  }
}

function areAlike(last: Loss, loss: Loss): boolean {
  if (last.isOutage !== loss.isOutage || last.isForgetful !== loss.isForgetful) return false;
  return loss.since - last.since < SAME_LOSS;
}

/**
 * Whether the shared tier knows better, and asking it costs the source nothing. After an outage it has what was loaded before,
 * if it has not forgotten all; what was loaded meanwhile it has not.
 */
function mustAsk({ isOutage, isForgetful, since }: Loss, { born, loadMs }: Entry): boolean {
  return !isOutage || (!isForgetful && born - loadMs < since);
}

/** For memory alone, where nothing is ever missed. */
export const ALWAYS_TRUSTED: Pick<Trust, 'until' | 'untilOf' | 'standingOf'> = Object.freeze({
  until: Number.POSITIVE_INFINITY,
  untilOf: () => Number.POSITIVE_INFINITY,
  standingOf: () => 'proven' as const,
});
