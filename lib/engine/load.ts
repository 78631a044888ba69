import type { Cancel } from '../core/clock.js';
import { type Entry, freshness } from '../core/entry.js';
import { labelOf, LoadTimeoutError } from '../core/errors.js';
import type { LoadOutcome } from '../core/observer.js';
import type { Outcome } from '../policy/retention.js';
import type { SharedLease } from '../tiers/shared-tier.js';
import type { Contest, RecoveredEntry } from './contest.js';
import type { Flight } from './flight.js';
import { isAnAnswer } from './is-an-answer.js';
import { RunningLoadContext } from './load-context.js';
import type { Slot } from './load-slots.js';
import type { LoadParts } from './load-parts.js';
import type { LoadRequest } from './load-request.js';
import { runAsLoad } from './running-load.js';

/** One load from the queue to its end. Whatever the loader does, it ends once, and its key is free again in that tick. */
export class Load {
  readonly #parts: LoadParts;
  readonly #request: LoadRequest;
  readonly #flight: Flight;
  readonly #context: RunningLoadContext;
  /** With other processes; over, or never begun, when it loads. */
  readonly #contest: Contest | undefined;
  #lease: SharedLease | undefined;
  /** Whether it loads without asking the others any more. */
  #isAlone = false;
  #began: number | undefined;
  /** Set before anything that is not ours can run, and be it called from within: a load ends once. */
  #ended = false;
  #stopTimer: Cancel = () => undefined;

  constructor(parts: LoadParts, request: LoadRequest, flight: Flight) {
    this.#parts = parts;
    this.#request = request;
    this.#flight = flight;
    this.#context = new RunningLoadContext(request.name, request.policy);
    this.#contest = parts.sharing?.contestOf(request);
    flight.onReplaced = (by) => void this.#endsWith(by);
    if (request.place === 'before-callers') flight.onDeserted = () => this.#desert();
  }

  takeTurn(): void {
    this.#limitTime(
      (name, ms) => `no load could begin for ${name} within ${ms} ms: all slots are taken (option \`loads\`).`,
    );
    this.#flight.enterQueue(this.#parts.slots.enter((slot) => this.#atTurn(slot)));
  }

  #atTurn(slot: Slot): void {
    this.#flight.slot = slot;
    if (this.#contest === undefined || this.#isAlone) this.#begin();
    else void this.#compete(this.#contest);
  }

  /** What another process has loaded, or loads, need not be loaded here. */
  async #compete(contest: Contest): Promise<void> {
    this.#note();
    const verdict = await contest.enter(() => this.#stopTimer());
    if (this.#ended) {
      if ('lease' in verdict) this.#parts.sharing?.giveBack(verdict.lease, 'refused');
      return;
    }
    switch (verdict.kind) {
      case 'found':
        this.#landFound(verdict.entry);
        return;
      case 'recovered':
        return this.#recover(verdict.lease, verdict.recovered);
      case 'busy':
        return this.#standAside(contest, verdict.leftMs);
      case 'lease':
        this.#lease = verdict.lease;
        return this.#begin();
      default:
        return this.#begin();
    }
  }

  /** Another process loads: nothing has begun here, and the slot is for others meanwhile. */
  async #standAside(contest: Contest, leftMs: number): Promise<void> {
    const { flights } = this.#parts;
    this.#stopTimer();
    this.#flight.position = undefined;
    const other = flights.enterAgain(this.#flight);
    if (other !== undefined && this.#endsWith(other)) return;
    this.#leaveSlot();
    const next = await contest.outwait(leftMs);
    if (this.#ended) return;
    this.#isAlone = next === 'alone';
    // Nobody waits for a refresh, and another process is at it.
    if (this.#isAlone && this.#request.place === 'behind' && this.#flight.isDeserted) return this.#desert();
    this.takeTurn();
  }

  #begin(): void {
    const { chain, clock, reporter } = this.#parts;
    const { old } = this.#request;
    this.#note();
    this.#began = clock.now();
    if (old !== undefined && this.#isStillThere(old, this.#began)) this.#context.show(old);
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

  /** It may have been invalidated or replaced, or have come to its end, while this load waited for its turn. */
  #isStillThere(old: Entry, now: number): boolean {
    const { look, sharing } = this.#parts;
    if (look.mayShow(old, now)) return true;
    return sharing !== undefined && !this.#flight.isInvalidated && look.mayLend(old, now);
  }

  /** What is answered from here on is no older than the last invalidation known now. */
  #note(): void {
    const { ledger, clock } = this.#parts;
    this.#flight.position = ledger.position;
    this.#flight.began = clock.now();
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
    if (isAnAnswer(error, this.#context.policy, this.#parts.reporter))
      this.#land(this.#entryOf(this.#outcome(error, 'threw')), 'negative');
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
    this.#share(entry, end);
  }

  #landFound(entry: Entry): LoadOutcome {
    this.#ended = true;
    this.#flight.isFound = true;
    const end = this.#keep(entry, 'stored');
    this.#freeKey();
    this.#flight.land(entry);
    this.#makeRoom();
    return end;
  }

  #recover(lease: SharedLease, recovered: RecoveredEntry): void {
    this.#flight.foundIn = recovered.tier;
    const end = this.#landFound(recovered.entry);
    if (end === 'stored') this.#parts.sharing?.putBack(lease, recovered, this.#request);
    else this.#parts.sharing?.giveBack(lease, 'refused');
  }

  /** Behind the callers' backs: what they wait for is here. */
  #share(entry: Entry, end: LoadOutcome): void {
    const { sharing } = this.#parts;
    if (this.#lease === undefined || sharing === undefined) return;
    if (end === 'stored') return sharing.store(this.#lease, entry, this.#request);
    if (end === 'overtaken') return sharing.giveBack(this.#lease, 'refused');
    if (this.#context.skipped) sharing.keepAlone(this.#lease, this.#request);
    else if (this.#contest?.hasSeen === true) sharing.endWithout(this.#lease, this.#request);
    else sharing.giveBack(this.#lease, 'nothing');
  }

  /** Stores the entry, unless something newer came. What the policy does not remember still ends what was there. */
  #keep(entry: Entry, outcome: LoadOutcome): LoadOutcome {
    const { clock, flights, near, admission, reporter } = this.#parts;
    if (!flights.has(this.#flight) || admission.isOutdated(entry, entry.position)) return 'overtaken';
    try {
      if (freshness(entry, clock.now()) !== 'dead') {
        admission.admit(entry);
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
    const retryAt = Math.floor(clock.now() + policy.retryAfter);
    if (old !== undefined) old.retryAt = retryAt;
    if (old !== undefined) this.#parts.sharing?.retryAt(old.key, retryAt);
    this.#freeKey();
    const isHidden = place === 'behind' || this.#flight.failureIsTold;
    this.#flight.fail(error);
    this.#tell(outcome);
    if (isHidden) reporter.error(place === 'behind' ? 'refresh' : 'load', error);
    this.#makeRoom();
    if (this.#lease !== undefined) this.#parts.sharing?.giveBack(this.#lease, 'failed');
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
    if (this.#lease !== undefined) this.#parts.sharing?.giveBack(this.#lease, 'refused');
  }

  /** Ends with a later flight of its key, begun or not, if that is as good for those who wait: what is not forced may land with what was there. */
  #endsWith(other: Flight): boolean {
    if (this.#ended || (this.#flight.isForced && !other.isForced)) return false;
    if (other.pathTo(this.#flight) !== undefined) return false;
    this.#ended = true;
    this.#freeKey();
    this.#flight.endWith(other);
    this.#makeRoom();
    return true;
  }

  #freeKey(): void {
    this.#stopTimer();
    this.#contest?.end();
    this.#parts.flights.leave(this.#flight);
    if (this.#flight.turn !== undefined) this.#parts.slots.abandon(this.#flight.turn);
  }

  #tell(outcome: LoadOutcome): void {
    const { clock, reporter } = this.#parts;
    if (this.#began !== undefined) reporter.loadEnded(this.#request.key, clock.now() - this.#began, outcome);
  }

  /** Last of all, because with it other loads begin. */
  #makeRoom(): void {
    this.#leaveSlot();
  }

  #leaveSlot(): void {
    const { slot } = this.#flight;
    this.#flight.slot = undefined;
    if (slot !== undefined) this.#parts.slots.leave(slot);
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
}
