import type { Clock } from '../core/clock.js';
import type { Entry, Freshness } from '../core/entry.js';
import type { RefreshReason } from '../core/observer.js';
import type { Random } from '../core/random.js';
import type { Ledger } from '../coherence/ledger.js';
import type { Trust } from '../coherence/trust.js';
import type { Reporter } from '../observe/reporter.js';
import { wantsRefresh } from '../policy/refresh-ahead.js';
import type { CachePolicy } from '../policy/resolve-policy.js';
import type { SharedMark } from '../tiers/shared-tier.js';
import { Aborts } from './abort.js';
import { answer, answerOf } from './answer.js';
import type { Call } from './call.js';
import type { Fetched, Fetches } from './fetch.js';
import type { Flight, Flights } from './flight.js';
import type { LoadSlots } from './load-slots.js';
import type { Look } from './look.js';
import type { LoadRequest } from './load-request.js';
import type { Miss } from './miss.js';
import type { Refresh } from './refresh.js';
import type { Fallback, Wait } from './wait.js';

/** What there is beyond memory. */
export interface Beyond {
  readonly fetches: Fetches;
  /** The shared tier's name. */
  readonly tier: string;
  readonly bound: number;
  /** Whether a load may find what it is to load in a tier behind that. */
  readonly goesFarther: boolean;
}

/** What reading through works with. */
export interface ReadThroughParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly ledger: Ledger;
  readonly trust: Pick<Trust, 'untilOf'>;
  readonly flights: Flights;
  /** Where there is a tier beyond memory. */
  readonly beyond: Beyond | undefined;
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
  readonly #aborts = new Aborts();

  constructor(parts: ReadThroughParts) {
    this.#parts = parts;
  }

  read(call: Call): Promise<unknown> {
    if (call.signal?.aborted === true) return Promise.reject(call.signal.reason as Error);
    if (call.force) return this.#force(call);
    const { clock, look } = this.#parts;
    const now = clock.now();
    const found = this.#inMemory(call.key, now) ?? this.#inFlight(call, now);
    if (found !== undefined && look.freshness(found.entry, now) !== 'grace') return this.#serve(call, found, now);
    return this.#lookBeyond(call) ?? this.#serve(call, found ?? NOWHERE, now);
  }

  /** With what another tier has; undefined where none can be asked, or a load is under way here already. */
  #lookBeyond(call: Call): Promise<unknown> | undefined {
    const { beyond } = this.#parts;
    if (beyond === undefined || this.#joinable(call) !== undefined) return undefined;
    const { key, type, since, signal } = call;
    const request = { key, policy: call.policy(), type, since };
    if (!beyond.fetches.mayAsk(request)) return undefined;
    const answered = beyond.fetches.fetch(request).then((fetched) => this.#goOn(call, fetched, beyond.tier));
    return signal === undefined ? answered : this.#aborts.untilAborted(answered, signal, () => undefined);
  }

  #goOn(call: Call, { entry, mark, isOver }: Fetched, tier: string): unknown {
    if (call.signal?.aborted === true) throw call.signal.reason;
    const { clock, look, reporter } = this.#parts;
    const now = clock.now();
    const state = entry === undefined ? undefined : look.freshness(entry, now);
    if (entry !== undefined && isAnswerAsItIs({ entry, isOver }, state)) {
      if (state === 'fresh') reporter.fresh(entry, tier);
      else reporter.staleHit(entry.key, 'revalidating', tier);
      call.onAnswered?.({ entry, by: 'tier' });
      return answerOf(entry);
    }
    // Memory may have something by now, if only for need.
    const found = entry === undefined || isOver ? this.#inMemory(call.key, now) : { entry, tier };
    return this.#serve(call, found === undefined ? { mark } : { ...found, mark }, now);
  }

  /** What a load here is about to replace, though memory does not hold it. */
  #inFlight(call: Call, now: number): InTier | undefined {
    const { beyond, look } = this.#parts;
    if (beyond === undefined) return undefined;
    const flight = this.#joinable(call);
    if (flight?.old === undefined || flight.isInvalidated || !look.mayLend(flight.old, now)) return undefined;
    return { entry: flight.old, tier: beyond.tier, mark: undefined };
  }

  #inMemory(key: string, now: number): InTier | undefined {
    const entry = this.#parts.look.at(key, now);
    return entry && { entry, tier: this.#parts.reporter.nearName, mark: undefined };
  }

  #serve(call: Call, found: Found, now: number): Promise<unknown> {
    if (found.entry === undefined) return this.#load(call, found);
    switch (this.#parts.look.freshness(found.entry, now)) {
      case 'fresh':
        return this.#serveFresh(call, found, now);
      case 'stale':
        return this.#serveStale(call, found, now);
      case 'grace':
        return this.#serveInNeed(call, found, now);
      default:
        return this.#load(call, { mark: found.mark });
    }
  }

  #serveFresh(call: Call, found: InTier, now: number): Promise<unknown> {
    const { entry, tier } = found;
    const { reporter, random } = this.#parts;
    reporter.fresh(entry, tier);
    if (wantsRefresh(entry, now, random)) this.#refresh(call, found, { now, reason: 'ahead' });
    if (entry.terms.slidingTtl > 0) entry.renew(now);
    return answerFromTier(call, entry);
  }

  #serveStale(call: Call, found: InTier, now: number): Promise<unknown> {
    const { entry, tier } = found;
    this.#refresh(call, found, { now, reason: 'stale' });
    const isRefreshed = this.#joinable(call) !== undefined;
    const why = now < entry.retryAt ? 'load-failed' : 'too-many-loads';
    this.#parts.reporter.staleHit(call.key, isRefreshed ? 'revalidating' : why, tier);
    return answerFromTier(call, entry);
  }

  /** An old value that may stand in only for a load that fails, is slow, or cannot begin. */
  #serveInNeed(call: Call, found: InTier, now: number): Promise<unknown> {
    const { reporter, slots } = this.#parts;
    const { entry, tier } = found;
    if (now < entry.retryAt) {
      reporter.staleHit(call.key, 'load-failed', tier);
      return answerFromTier(call, entry);
    }
    if (!slots.free && this.#joinable(call) === undefined) {
      reporter.staleHit(call.key, 'too-many-loads', tier);
      return answerFromTier(call, entry);
    }
    return this.#load(call, found);
  }

  #refresh(call: Call, { entry, mark }: InTier, { now, reason }: { now: number; reason: RefreshReason }): void {
    const { refresh } = this.#parts;
    if (!refresh.mayBegin(entry, now) || this.#joinable(call) !== undefined) return;
    refresh.begin(call, { policy: call.policy(), old: entry, mark, reason });
  }

  #load(call: Call, found: Found): Promise<unknown> {
    const { entry, mark } = found;
    const isCountedLater = entry === undefined && this.#parts.beyond?.goesFarther === true;
    if (entry === undefined && !isCountedLater) this.#parts.reporter.miss(call.key);
    const policy = call.policy();
    const flight = this.#joinable(call) ?? this.#fly(call, { policy, old: entry, mark });
    if (isCountedLater) this.#countWhenLanded(flight);
    return this.#await(call, flight, found.entry && { fallback: found, policy });
  }

  /** Before its load is over nobody knows whether there is one, or a tier still has the value. */
  #countWhenLanded(flight: Flight): void {
    const { reporter } = this.#parts;
    const missed = (): void => reporter.miss(flight.key);
    const landed = (entry: Entry): void =>
      flight.foundIn === undefined ? missed() : reporter.fresh(entry, flight.foundIn);
    flight.landing.then(landed, missed);
  }

  /** Joins only a load that has not begun: any other may have read its source before this call was made. */
  #force(call: Call): Promise<unknown> {
    const { flights, look, clock, reporter, beyond } = this.#parts;
    const policy = call.policy();
    reporter.miss(call.key);
    const running = flights.get(call.key);
    const flight =
      running !== undefined && running.position === undefined && (running.isForced || beyond === undefined)
        ? running
        : this.#fly(call, { policy, old: look.at(call.key, clock.now()), mark: undefined });
    return this.#await(call, flight, undefined);
  }

  #await(
    call: Call,
    flight: Flight,
    inNeed: { fallback: Fallback; policy: CachePolicy } | undefined,
  ): Promise<unknown> {
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
    const old = look.at(call.key, now);
    if (old !== undefined && look.freshness(old, now) === 'fresh') return answerFromTier(call, old);
    const flight = this.#joinable(call) ?? this.#fly(call, { policy: call.policy(), old, mark: undefined });
    return this.#await(call, flight, undefined);
  }

  #fly({ key, name, load, type, force }: Call, how: Pick<LoadRequest, 'policy' | 'old' | 'mark'>): Flight {
    return this.#parts.miss.fly({ key, name, load, type, isForced: force, place: 'before-callers', ...how });
  }

  /**
   * The running load of the key, unless an invalidation has already covered it, or may have: a process that hears nothing joins
   * none that is older than what it may be told too late.
   */
  #joinable({ key }: Call): Flight | undefined {
    const { flights, ledger, trust, clock, beyond } = this.#parts;
    const flight = flights.get(key);
    if (flight?.position === undefined) return flight;
    if (ledger.covers(flight, flight.position)) return undefined;
    if (beyond === undefined) return flight;
    const now = clock.now();
    return now < trust.untilOf(key) || now - flight.began < beyond.bound ? flight : undefined;
  }
}

/** An entry, and the tier it was found in. */
interface InTier {
  readonly entry: Entry;
  readonly tier: string;
  /** What lies in the shared tier, if that was looked at. */
  readonly mark: SharedMark;
}

type Found = InTier | { readonly entry?: undefined; readonly mark: SharedMark };

const NOWHERE: Found = Object.freeze({ mark: undefined });

/** Nothing is renewed behind it: because it needs none, or because it is over and whoever comes next will load. */
function isAnswerAsItIs({ entry, isOver }: { entry: Entry; isOver: boolean }, state: Freshness | undefined): boolean {
  if (isOver) return state === 'fresh' || state === 'stale';
  return state === 'fresh' && entry.terms.refreshAhead === undefined;
}

function answerFromTier({ onAnswered }: Call, entry: Entry): Promise<unknown> {
  onAnswered?.({ entry, by: 'tier' });
  return answer(entry);
}
