import type { Clock } from '../core/clock.js';
import { type Entry, freshness } from '../core/entry.js';
import type { RefreshReason } from '../core/observer.js';
import type { Random } from '../core/random.js';
import type { Ledger } from '../coherence/ledger.js';
import type { Reporter } from '../observe/reporter.js';
import { wantsRefresh } from '../policy/refresh-ahead.js';
import type { CachePolicy } from '../policy/resolve-policy.js';
import { answer } from './answer.js';
import type { Call } from './call.js';
import type { Flight, Flights } from './flight.js';
import type { LoadSlots } from './load-slots.js';
import type { Look } from './look.js';
import type { Miss } from './miss.js';
import type { Refresh } from './refresh.js';
import type { Wait } from './wait.js';

/** What reading through works with. */
export interface ReadThroughParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly ledger: Ledger;
  readonly flights: Flights;
  readonly slots: LoadSlots;
  readonly look: Look;
  readonly miss: Miss;
  readonly refresh: Refresh;
  readonly wait: Wait;
  readonly reporter: Reporter;
}

/** Answers what a quick look at memory could not: serves old values, refreshes behind them, loads. */
export class ReadThrough {
  readonly #parts: ReadThroughParts;

  constructor(parts: ReadThroughParts) {
    this.#parts = parts;
  }

  read(call: Call): Promise<unknown> {
    if (call.signal?.aborted === true) return Promise.reject(call.signal.reason as Error);
    if (call.force) return this.#force(call);
    const now = this.#parts.clock.now();
    const entry = this.#parts.look.at(call.key, now);
    if (entry === undefined) return this.#load(call, undefined);
    switch (freshness(entry, now)) {
      case 'fresh':
        return this.#serveFresh(call, entry, now);
      case 'stale':
        return this.#serveStale(call, entry, now);
      default:
        return this.#serveInNeed(call, entry, now);
    }
  }

  #serveFresh(call: Call, entry: Entry, now: number): Promise<unknown> {
    const { reporter, random } = this.#parts;
    reporter.fresh(entry);
    if (wantsRefresh(entry, now, random)) this.#refresh(call, entry, now, 'ahead');
    if (entry.terms.slidingTtl > 0) entry.renew(now);
    return answerFromMemory(call, entry);
  }

  #serveStale(call: Call, entry: Entry, now: number): Promise<unknown> {
    this.#refresh(call, entry, now, 'stale');
    const isRefreshed = this.#joinable(call) !== undefined;
    const why = now < entry.retryAt ? 'load-failed' : 'too-many-loads';
    this.#parts.reporter.staleHit(call.key, isRefreshed ? 'revalidating' : why);
    return answerFromMemory(call, entry);
  }

  /** An old value that may stand in only for a load that fails, is slow, or cannot begin. */
  #serveInNeed(call: Call, entry: Entry, now: number): Promise<unknown> {
    const { reporter, slots } = this.#parts;
    if (now < entry.retryAt) {
      reporter.staleHit(call.key, 'load-failed');
      return answerFromMemory(call, entry);
    }
    if (!slots.free && this.#joinable(call) === undefined) {
      reporter.staleHit(call.key, 'too-many-loads');
      return answerFromMemory(call, entry);
    }
    return this.#load(call, entry);
  }

  #refresh(call: Call, entry: Entry, now: number, reason: RefreshReason): void {
    const { refresh } = this.#parts;
    if (!refresh.mayBegin(entry, now) || this.#joinable(call) !== undefined) return;
    refresh.begin(call, call.policy(), entry, reason);
  }

  #load(call: Call, fallback: Entry | undefined): Promise<unknown> {
    if (fallback === undefined) this.#parts.reporter.miss(call.key);
    const policy = call.policy();
    return this.#await(
      call,
      this.#joinable(call) ?? this.#fly(call, policy, fallback),
      fallback && { fallback, policy },
    );
  }

  /** Joins only a load that has not begun: any other may have read its source before this call was made. */
  #force(call: Call): Promise<unknown> {
    const { flights, look, clock, reporter } = this.#parts;
    const policy = call.policy();
    reporter.miss(call.key);
    const running = flights.get(call.key);
    const flight =
      running !== undefined && running.position === undefined
        ? running
        : this.#fly(call, policy, look.at(call.key, clock.now()));
    return this.#await(call, flight, undefined);
  }

  #await(call: Call, flight: Flight, inNeed: { fallback: Entry; policy: CachePolicy } | undefined): Promise<unknown> {
    return this.#parts.wait.for(flight, {
      since: call.since,
      signal: call.signal,
      onAnswered: call.onAnswered,
      fallback: inNeed?.fallback,
      softTimeout: inNeed?.policy.softTimeout,
      again: () => this.#again(call),
    });
  }

  /** The second attempt of a read that is already counted. What has begun since is late enough, so there is no third. */
  #again(call: Call): Promise<unknown> {
    const { look, clock } = this.#parts;
    const now = clock.now();
    const entry = look.at(call.key, now);
    if (entry !== undefined && freshness(entry, now) === 'fresh') return answerFromMemory(call, entry);
    return this.#await(call, this.#joinable(call) ?? this.#fly(call, call.policy(), entry), undefined);
  }

  #fly({ key, name, load }: Call, policy: CachePolicy, old: Entry | undefined): Flight {
    return this.#parts.miss.fly({ key, name, load, policy, old, place: 'before-callers' });
  }

  /** The running load of the key, unless an invalidation has already covered it. */
  #joinable({ key }: Call): Flight | undefined {
    const { flights, ledger } = this.#parts;
    const flight = flights.get(key);
    if (flight?.position === undefined) return flight;
    return ledger.covers(flight.tags, flight.position) ? undefined : flight;
  }
}

function answerFromMemory({ onAnswered }: Call, entry: Entry): Promise<unknown> {
  onAnswered?.({ entry, by: 'memory' });
  return answer(entry);
}
