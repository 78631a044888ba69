import type { Cancel, Clock } from '../core/clock.js';
import { type Entry, freshness } from '../core/entry.js';
import { labelOf, LoadTimeoutError, ReentrantLoadError } from '../core/errors.js';
import type { LoadOutcome } from '../core/observer.js';
import { isThenable } from '../core/thenable.js';
import type { Ledger } from '../coherence/ledger.js';
import type { Reporter } from '../observe/reporter.js';
import type { CachePolicy } from '../policy/resolve-policy.js';
import type { Outcome, Retention } from '../policy/retention.js';
import type { NearTier } from '../tiers/near-tier.js';
import { Flight, type Flights } from './flight.js';
import type { LoadChain } from './load-chain.js';
import { type Loader, RunningLoadContext } from './load-context.js';
import type { LoadSlots, Slot, Turn } from './load-slots.js';
import { runAsLoad } from './running-load.js';

/** What a load is started with. */
export interface LoadRequest {
  readonly key: string;
  readonly name: string;
  readonly load: Loader<unknown>;
  readonly policy: CachePolicy;
  /** The entry that the result is to replace. */
  readonly old: Entry | undefined;
  /** Behind: no caller waits for it, so none can desert it, and its failure is told by an event. */
  readonly place: 'before-callers' | 'behind';
}

/** What every load of a cache works with. */
export interface MissParts {
  readonly clock: Clock;
  readonly near: NearTier;
  readonly ledger: Ledger;
  readonly flights: Flights;
  readonly slots: LoadSlots;
  readonly chain: LoadChain;
  readonly retention: Retention;
  readonly reporter: Reporter;
}

/** Loads what memory does not have: wait for a turn, load, make an entry, store it, answer. */
export class Miss {
  readonly #parts: MissParts;

  constructor(parts: MissParts) {
    this.#parts = parts;
  }

  /** Starts a load, and makes it the one that further callers of its key join. */
  fly(request: LoadRequest): Flight {
    const { chain, flights } = this.#parts;
    const outer = chain.current();
    const { policy, old } = request;
    const flight = new Flight(request, old === undefined ? policy.tags : [...policy.tags, ...old.tags], flights);
    if (outer !== undefined && request.place === 'before-callers') {
      refuseLoadWithinItself(flight, outer);
      flight.startWithin(outer);
    }
    // Before the loader runs, which may call the cache at once for this very key.
    flights.enter(flight);
    flight.turn = new Load(this.#parts, request, flight).takeTurn();
    return flight;
  }
}

/** A load that is not joined, because it is forced or its outer one is out of date, would start itself without end. */
function refuseLoadWithinItself(flight: Flight, outer: Flight): void {
  const names: string[] = [flight.name];
  for (const { key, name, cache } of outer.chain()) {
    names.unshift(name);
    if (key === flight.key && cache === flight.cache) throw new ReentrantLoadError(names);
  }
}

/** One load from the queue to its end. Whatever the loader does, it ends once, and its key is free again in that tick. */
class Load {
  readonly #parts: MissParts;
  readonly #request: LoadRequest;
  readonly #flight: Flight;
  readonly #context: RunningLoadContext;
  #began: number | undefined;
  /** Set before anything that is not ours can run, and be it called from within: a load ends once. */
  #ended = false;
  #stopTimer: Cancel = () => undefined;

  constructor(parts: MissParts, request: LoadRequest, flight: Flight) {
    this.#parts = parts;
    this.#request = request;
    this.#flight = flight;
    this.#context = new RunningLoadContext(request.name, request.policy);
    if (request.place === 'before-callers') flight.onDeserted = () => this.#desert();
  }

  takeTurn(): Turn {
    this.#limitTime(
      (name, ms) => `no load could begin for ${name} within ${ms} ms: all slots are taken (option \`loads\`).`,
    );
    return this.#parts.slots.enter((slot) => this.#begin(slot));
  }

  #begin(slot: Slot): void {
    const { near, ledger, chain, clock, reporter } = this.#parts;
    const { old } = this.#request;
    this.#flight.slot = slot;
    this.#flight.position = ledger.position;
    this.#began = clock.now();
    // It may have been invalidated or replaced, or have come to its end, while this load waited for its turn.
    const isThere = old !== undefined && near.get(old.key) === old && ledger.admits(old);
    if (isThere && freshness(old, this.#began) !== 'dead') this.#context.show(old);
    this.#limitTime(
      (name, ms) =>
        `the load of ${name} took longer than ${ms} ms and was given up. ` +
        'If it waits for its own key, through whatever it calls, it can never end.',
    );
    reporter.loadBegan();
    // A throw becomes a rejection, so that every end comes in a turn of its own and the queue cannot grow the stack.
    const result = new Promise((resolve) => resolve(chain.run(this.#flight, () => this.#load())));
    result
      .then(
        (value) => this.#returned(value),
        (error: unknown) => this.#threw(error),
      )
      .catch((fault: unknown) => this.#fail(fault, 'failed'));
  }

  #load(): unknown {
    return runAsLoad(this.#context, () => this.#request.load(this.#context));
  }

  #returned(value: unknown): void {
    if (this.#ended) return;
    const entry = this.#entryOf(this.#outcome(value, this.#context.skipped ? 'skipped' : 'returned'));
    this.#land(entry, this.#context.skipped ? 'skipped' : 'stored');
  }

  #threw(error: unknown): void {
    if (this.#ended) return;
    if (this.#isAnAnswer(error)) this.#land(this.#entryOf(this.#outcome(error, 'threw')), 'negative');
    else this.#fail(error, 'failed');
  }

  #land(entry: Entry, outcome: LoadOutcome): void {
    if (this.#ended) return;
    this.#ended = true;
    const end = outcome === 'skipped' ? outcome : this.#keep(entry, outcome);
    this.#flight.isStored = end === 'stored' || end === 'negative';
    this.#freeKey();
    this.#flight.land(entry);
    this.#tell(end);
    this.#makeRoom();
  }

  /** Stores the entry, unless something newer came. What the policy does not remember still ends what was there. */
  #keep(entry: Entry, outcome: LoadOutcome): LoadOutcome {
    const { clock, flights, ledger, near, reporter } = this.#parts;
    if (!flights.has(this.#flight) || ledger.covers(entry.tags, entry.position)) return 'overtaken';
    try {
      if (freshness(entry, clock.now()) !== 'dead') {
        ledger.admitNew(entry);
        return outcome;
      }
    } catch (fault) {
      reporter.error('store', fault);
    }
    near.delete(entry.key);
    return 'skipped';
  }

  #fail(error: unknown, outcome: LoadOutcome): void {
    if (this.#ended) return;
    this.#ended = true;
    const { clock, reporter } = this.#parts;
    const { old, policy, place } = this.#request;
    if (old !== undefined) old.retryAt = Math.floor(clock.now() + policy.retryAfter);
    this.#freeKey();
    const isHidden = place === 'behind' || this.#flight.failureIsTold;
    this.#flight.fail(error);
    this.#tell(outcome);
    if (isHidden) reporter.error(place === 'behind' ? 'refresh' : 'load', error);
    this.#makeRoom();
  }

  #giveUp(error: Error): void {
    this.#fail(error, 'timeout');
    this.#context.abort(error);
  }

  #desert(): void {
    if (this.#ended) return;
    this.#ended = true;
    const reason = new DOMException('every caller of this load has left', 'AbortError');
    this.#freeKey();
    this.#flight.fail(reason);
    this.#context.abort(reason);
    this.#tell('abandoned');
    this.#makeRoom();
  }

  #freeKey(): void {
    this.#stopTimer();
    this.#parts.flights.leave(this.#flight);
    if (this.#flight.turn !== undefined) this.#parts.slots.abandon(this.#flight.turn);
  }

  #tell(outcome: LoadOutcome): void {
    const { clock, reporter } = this.#parts;
    if (this.#began !== undefined) reporter.loadEnded(this.#request.key, clock.now() - this.#began, outcome);
  }

  /** Last of all, because with it other loads begin. */
  #makeRoom(): void {
    if (this.#flight.slot !== undefined) this.#parts.slots.leave(this.#flight.slot);
  }

  #limitTime(message: (name: string, ms: number) => string): void {
    this.#stopTimer();
    const { timeout } = this.#request.policy;
    if (timeout === undefined) return;
    const giveUp = (): void =>
      this.#giveUp(new LoadTimeoutError(message(labelOf(this.#request.name), timeout), timeout));
    this.#stopTimer = this.#parts.clock.after(timeout, giveUp);
  }

  #outcome(value: unknown, how: Outcome['how']): Outcome {
    const { clock } = this.#parts;
    const now = clock.now();
    const { position = 0 } = this.#flight;
    return { key: this.#request.key, value, how, position, now, loadMs: now - (this.#began ?? now) };
  }

  /** A value that cannot be copied, such as one with a getter that throws, still is the callers' answer. */
  #entryOf(outcome: Outcome): Entry {
    const { retention, reporter } = this.#parts;
    try {
      return retention.retain(outcome, this.#context.policy);
    } catch (error) {
      reporter.error('copy', error);
      return retention.passOn(outcome, this.#context.policy);
    }
  }

  #isAnAnswer(error: unknown): boolean {
    try {
      const answer: unknown = this.#context.policy.isNegativeError(error);
      // An async function is no predicate; what becomes of its promise must not end the process.
      if (isThenable(answer))
        answer.then(undefined, (fault: unknown) => this.#parts.reporter.error('isNegativeError', fault));
      return answer === true;
    } catch (fault) {
      this.#parts.reporter.error('isNegativeError', fault);
      return false;
    }
  }
}
