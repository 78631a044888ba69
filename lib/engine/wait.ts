import type { Clock } from '../core/clock.js';
import type { Entry } from '../core/entry.js';
import { ReentrantLoadError } from '../core/errors.js';
import type { StaleReason } from '../core/observer.js';
import type { Reporter } from '../observe/reporter.js';
import { Aborts } from './abort.js';
import type { Admission } from './admission.js';
import { answer, answerOf } from './answer.js';
import type { OnAnswered } from './call.js';
import type { Drain } from './drain.js';
import type { Flight } from './flight.js';
import type { LoadChain } from './load-chain.js';
import type { Look } from './look.js';

/** An old value, and the tier that a caller found it in. */
export interface Fallback {
  readonly entry: Entry;
  readonly tier: string;
}

/** What one caller brings to his wait for a load. */
export interface Waiter {
  /** The last invalidation known when he called. */
  readonly since: number;
  /** Ends his wait, and nobody else's. */
  readonly signal: AbortSignal | undefined;
  /** The old value he may be given when the load fails or is slow. */
  readonly fallback: Fallback | undefined;
  /** With a fallback: how long he waits for better. */
  readonly softTimeout: number | undefined;
  readonly onAnswered: OnAnswered | undefined;
  /** Reads again, for a result that came from before an invalidation he already knew of. */
  readonly again: () => Promise<unknown>;
}

/** What waiting works with. */
export interface WaitParts {
  readonly clock: Clock;
  readonly admission: Admission;
  /** Whether an old value may come from elsewhere than memory. */
  readonly isShared: boolean;
  readonly look: Look;
  readonly chain: LoadChain;
  readonly drain: Drain;
  readonly reporter: Reporter;
}

/** Waits for a flight, each caller on his own terms. */
export class Wait {
  readonly #parts: WaitParts;
  readonly #aborts = new Aborts();

  constructor(parts: WaitParts) {
    this.#parts = parts;
  }

  for(flight: Flight, waiter: Waiter): Promise<unknown> {
    const inner = this.#parts.chain.current();
    return inner === undefined ? this.#wait(flight, waiter) : this.#waitWithin(inner, flight, waiter);
  }

  /** A load waits for a load: that must not lead in a circle, and it may lend its slot meanwhile. */
  #waitWithin(inner: Flight, flight: Flight, waiter: Waiter): Promise<unknown> {
    const chain = flight.pathTo(inner);
    if (chain !== undefined) return Promise.reject(new ReentrantLoadError([...chain, flight.name]));
    // Said before a slot is lent: the load that then begins may at once close a circle.
    const waitNoMore = inner.waitFor(flight);
    inner.lendTo(flight);
    const wait = this.#wait(flight, waiter);
    const goOn = (): void => {
      waitNoMore();
      inner.takeBackSlots();
    };
    wait.then(goOn, goOn);
    return wait;
  }

  #wait(flight: Flight, waiter: Waiter): Promise<unknown> {
    const leave = flight.join();
    const { signal, fallback } = waiter;
    const wait =
      fallback === undefined
        ? flight.landing.then((entry) => this.#take(entry, flight, waiter))
        : this.#newOrOld(flight, waiter, fallback);
    return signal === undefined ? wait : this.#aborts.untilAborted(wait, signal, leave);
  }

  /**
   * A flight's tags may be known only with its result. Then it may turn out that an invalidation which this caller
   * already knew of, when he joined, covers what he is about to be given.
   */
  #take(entry: Entry, flight: Flight, { since, signal, onAnswered, again }: Waiter): unknown {
    const { position = 0, isStored, isFound } = flight;
    if (position >= since || !this.#parts.admission.isOutdated(entry, position)) {
      onAnswered?.({ entry, by: isFound ? 'tier' : isStored ? 'stored-load' : 'unstored-load' });
      return answerOf(entry);
    }
    // Who has left meanwhile needs no second attempt.
    if (signal?.aborted === true) throw signal.reason;
    return again();
  }

  /** With an old value at hand a caller is told neither that the load failed nor how long it takes. */
  async #newOrOld(flight: Flight, waiter: Waiter, fallback: Fallback): Promise<unknown> {
    const { reporter, drain } = this.#parts;
    const isLate = await this.#isLate(flight, waiter.softTimeout);
    const meanwhile =
      isLate && waiter.signal?.aborted !== true ? this.#instead(fallback, flight, 'load-slow') : undefined;
    if (meanwhile !== undefined) {
      flight.failureIsTold = true;
      drain.owe(flight.landing);
      waiter.onAnswered?.({ entry: meanwhile, by: 'tier' });
      return answer(meanwhile);
    }
    let entry: Entry;
    try {
      entry = await flight.landing;
    } catch (error) {
      const instead = waiter.signal?.aborted === true ? undefined : this.#instead(fallback, flight, 'load-failed');
      if (instead === undefined) reporter.miss(fallback.entry.key);
      if (instead === undefined) throw error;
      if (!flight.failureIsTold) reporter.error('load', error);
      flight.failureIsTold = true;
      waiter.onAnswered?.({ entry: instead, by: 'tier' });
      return answer(instead);
    }
    reporter.miss(fallback.entry.key);
    return this.#take(entry, flight, waiter);
  }

  /** What may be served now: the old value, or what has taken its place meanwhile. */
  #instead(fallback: Fallback, flight: Flight, reason: StaleReason): Entry | undefined {
    const { look, clock, reporter, isShared } = this.#parts;
    const now = clock.now();
    const near = look.at(fallback.entry.key, now);
    const isLent = near === undefined && isShared && !flight.isInvalidated && look.mayLend(fallback.entry, now);
    const entry = isLent ? fallback.entry : near;
    if (entry === undefined) return undefined;
    const tier = isLent ? fallback.tier : reporter.nearName;
    if (look.freshness(entry, now) === 'fresh') reporter.fresh(entry, tier);
    else reporter.staleHit(entry.key, reason, tier);
    return entry;
  }

  /** Whether the flight is still on its way when the time is over. */
  #isLate(flight: Flight, ms: number | undefined): Promise<boolean> {
    if (ms === undefined) return Promise.resolve(false);
    return new Promise((resolve) => {
      const stop = this.#parts.clock.after(ms, () => resolve(true));
      const inTime = (): void => {
        stop();
        resolve(false);
      };
      flight.landing.then(inTime, inTime);
    });
  }
}
