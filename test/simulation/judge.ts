import { bucketOf } from '../../lib/redis/keys.js';
import { type Key, type KeyPolicy, kindOf, type Value } from './catalogue.js';
import { covers, type History, type Invalidation, type LoadRecord, type Resident } from './history.js';
import type { Settings } from './plan.js';

/** A call that was answered, or is about to be. */
export interface Read {
  readonly key: Key;
  readonly by: Resident;
  /** Its place in the order of the history. */
  readonly began: number;
  readonly at: number;
  /** Whether something was under way for its key that it may have joined. */
  readonly mayJoin: boolean;
  readonly isForced: boolean;
}

/** Memory: at once. Own: by what was begun for this call. Joined: by what may have been under way before it. */
export type AnsweredBy = 'memory' | 'own' | 'joined';

/** Until then a process may not have joined Redis yet, and loads alone. */
const START = 100;
/** What a message takes at most where nothing delays it. */
const TRAVEL = 25;
/** Half a round trip by which the clocks of a process and a server can be told apart no better, and the clocks' drift. */
const INEXACT = 300;
/** A process that talks to a former primary notices it by its next heartbeat, at the latest. */
const UNNOTICED = 600;

/** Says whether what was answered is what is promised. */
export class Judge {
  readonly #history: History;
  readonly #settings: Settings;
  readonly #complain: (what: string) => void;
  readonly #count: (what: string) => void;
  /** Loads of those who had waited for another's until their patience ended. */
  readonly #impatient = new WeakSet<LoadRecord>();

  constructor(
    history: History,
    settings: Settings,
    tell: { complain: (what: string) => void; count: (what: string) => void },
  ) {
    this.#history = history;
    this.#settings = settings;
    this.#complain = tell.complain;
    this.#count = tell.count;
  }

  /** The longest staleness that was seen and allowed, for the account. */
  worst = 0;

  /** An answer that does not say which value it is may be any of several: one of them has to be right. */
  answer(read: Read, values: readonly Value[], by: AnsweredBy): void {
    const faults = values.map((value) => this.#fault(read, value, by));
    if (!faults.includes(undefined)) this.#complain(faults[0] ?? `${named(read)} was given what nobody has said`);
  }

  /** Everything is at rest, and all that was owed must have been told: no value may be older than any invalidation. */
  answerAtRest(read: Read, values: readonly Value[]): void {
    const faults = values.map((value) => this.#faultAtRest(read, value));
    if (!faults.includes(undefined)) this.#complain(`at rest: ${faults[0]}`);
  }

  /** One load per key in the cluster, where nothing stands in its way. */
  load(load: LoadRecord, waitedSince: number): void {
    const isOutOfPatience = load.beganAt - waitedSince >= this.#settings.patience * 0.9;
    if (isOutOfPatience) {
      this.#count('patience ends');
      this.#impatient.add(load);
    }
    const { oddLoads, hasMissing, policies } = this.#settings;
    const { singleFlight, softTimeout } = policies[load.key];
    if (isOutOfPatience || !this.#isCalm(load.key) || singleFlight === 'process' || load.isForced) return;
    // What cannot be shared is loaded by each for himself; and of who was answered meanwhile, it is not known how long he waited.
    if (oddLoads > 0 || hasMissing || softTimeout !== undefined) return;
    for (const other of this.#history.running[load.key]) {
      if (other === load || other.isForced || other.beganAt < START || this.#isBetween(other, load)) continue;
      // It has no lease that others could wait for.
      if (this.#impatient.has(other)) continue;
      this.#complain(`two loads of ${load.key} at once: ${shown(other.value)} and ${shown(load.value)}`);
    }
  }

  #fault(read: Read, value: Value, by: AnsweredBy): string | undefined {
    if (value.key !== read.key) return `${named(read)} was given a value of ${value.key}`;
    if (read.isForced && value.at < read.began) return `${named(read)}, forced, was given ${shown(value)}`;
    const invalidations = this.#history.of(read.key);
    for (let index = invalidations.length - 1; index >= 0; index--) {
      const invalidation = invalidations[index] as Invalidation;
      if (invalidation.called <= value.at) break;
      if (!covers(invalidation, value) || this.#comesBefore(invalidation, value)) continue;
      const fault = this.#lateness(read, invalidation, by);
      if (fault !== undefined) {
        return `${fault}: ${named(read)} was given ${shown(value)} (${by}) after ${this.#shown(invalidation)}`;
      }
    }
    return this.#age(read, value);
  }

  #lateness(read: Read, { by: maker, called, ackedAt }: Invalidation, by: AnsweredBy): string | undefined {
    if (maker === read.by && called < read.began) return 'own process';
    if (ackedAt === undefined || ackedAt > read.at) return undefined;
    const lag = read.at - ackedAt;
    const allowed = this.#allowed(read, ackedAt, by);
    if (lag > allowed) return `${lag.toFixed(1)} ms late, of at most ${allowed.toFixed(0)}`;
    this.#allow(lag, by);
    return undefined;
  }

  #faultAtRest(read: Read, value: Value): string | undefined {
    for (const invalidation of this.#history.of(read.key)) {
      const isTold = invalidation.ackedAt !== undefined || (invalidation.isOwed && invalidation.by.process.isAlive);
      if (!isTold || !covers(invalidation, value)) continue;
      if (invalidation.ackedAt === undefined) this.#count('owed invalidation is told');
      if (invalidation.called <= value.at || this.#comesBefore(invalidation, value)) continue;
      return `${named(read)} was given ${shown(value)} in spite of ${this.#shown(invalidation)}`;
    }
    return undefined;
  }

  #isCalm(key: Key): boolean {
    const { isCalm, forgetful, buckets } = this.#settings;
    return isCalm && bucketOf(key, buckets) !== forgetful;
  }

  #allow(lag: number, by: AnsweredBy): void {
    this.worst = Math.max(this.worst, lag);
    this.#count(`old value is allowed (${by}, ${lag > this.#settings.staleBound ? 'cut off' : 'within the bound'})`);
  }

  #allowed(read: Read, ackedAt: number, by: AnsweredBy): number {
    const { staleBound, detachedTtl, drift } = this.#settings;
    const bound = staleBound * (1 + 2 * drift) + 2;
    if (by === 'own') return read.by.stuckUntil >= read.at ? bound + UNNOTICED : 0;
    if (this.#isCalm(read.key)) return TRAVEL;
    return read.by.couldHear(read.key, ackedAt - bound) ? bound : bound + detachedTtl * (1 + 2 * drift) + 2;
  }

  /** A value that was set while, or after, the other was invalidated may have come after it. */
  #comesBefore(invalidation: Invalidation, value: Value): boolean {
    const handed = this.#history.handed(value);
    if (handed === undefined || handed.by === invalidation.by) return false;
    return handed.over === undefined || handed.over > invalidation.called;
  }

  #age(read: Read, value: Value): string | undefined {
    const load = this.#history.loaded(value);
    const born = load === undefined ? this.#history.handed(value)?.calledAt : load.endedAt;
    if (born === undefined) return undefined;
    const age = read.at - born;
    const isNegative = load !== undefined && kindOf(value.row, this.#settings) !== 'row';
    const longest = lifeOf(this.#settings.policies[read.key], isNegative) + INEXACT;
    return age > longest ? `${named(read)} was given ${shown(value)}, which is ${age.toFixed(0)} ms old` : undefined;
  }

  /** Whether an invalidation or a forced load allows a second one, or may have ended the first one's lease. */
  #isBetween(first: LoadRecord, second: LoadRecord): boolean {
    if ((this.#history.forcedAt.get(first.key) ?? Number.NEGATIVE_INFINITY) >= first.beganAt - TRAVEL) return true;
    return this.#history
      .of(first.key)
      .some(({ calledAt, ackedAt }) => calledAt <= second.beganAt && (ackedAt ?? Infinity) >= first.beganAt - TRAVEL);
  }

  #shown({ scope, name, by, called, calledAt, ackedAt }: Invalidation): string {
    const end = ackedAt === undefined ? 'not acknowledged' : `acknowledged at ${ackedAt.toFixed(1)}`;
    return `${scope} ${name} #${called} by ${by.process.name}, called at ${calledAt.toFixed(1)}, ${end}`;
  }
}

function lifeOf(policy: KeyPolicy, isNegative: boolean): number {
  const { ttl, negativeTtl, staleWhileRevalidate, staleIfError } = policy;
  return isNegative ? Math.min(ttl, negativeTtl) : ttl + Math.max(staleWhileRevalidate, staleIfError);
}

function named({ key, by, began, at }: Read): string {
  return `${by.process.name} read ${key} #${began} at ${at.toFixed(1)} and`;
}

function shown({ key, row, at }: Value): string {
  return `${key}.${row} #${at}`;
}
