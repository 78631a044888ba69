import type { Cancel, Clock } from '../core/clock.js';
import { type Entry, freshness } from '../core/entry.js';
import type { Journal } from '../coherence/journal.js';
import type { Ledger } from '../coherence/ledger.js';
import type { Reporter } from '../observe/reporter.js';
import type { Retention } from '../policy/retention.js';
import type { LeaseReply, SharedLease, SharedTier, SharedWait, WakeReason } from '../tiers/shared-tier.js';
import type { Farther } from './farther.js';
import type { LoadRequest } from './load-request.js';
import type { SoloNames } from './solo-names.js';

/** What contests are held with. */
export interface ContestParts {
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly shared: SharedTier;
  readonly journal: Journal;
  readonly retention: Retention;
  readonly solo: SoloNames;
  readonly reporter: Reporter;
  /** Where there are tiers behind the shared one. */
  readonly farther?: Farther | undefined;
}

/** A value that need not be loaded: it was, and the shared tier has lost it. */
export interface RecoveredEntry {
  readonly entry: Entry;
  readonly mark: LoadRequest['mark'];
  readonly tier: string;
}

/** Load with a lease · put back with it what was found · load without one · another process has loaded it already · another one is loading it. */
export type Verdict =
  | { readonly kind: 'lease'; readonly lease: SharedLease }
  | { readonly kind: 'recovered'; readonly lease: SharedLease; readonly recovered: RecoveredEntry }
  | { readonly kind: 'alone' }
  | { readonly kind: 'found'; readonly entry: Entry }
  | { readonly kind: 'busy'; readonly leftMs: number };

const ALONE: Verdict = Object.freeze({ kind: 'alone' });

/** How soon one looks again whether another's load is over, if nobody says so; twice as long each time. */
const FIRST_LOOK = 50;
const LATEST_LOOK = 1_000;
/** Two records of one load may seem so far apart in time, for clocks are told only so exactly. */
const SAME_LOAD = 100;

/** One load's contest with those of other processes for the right to be the one. */
export class Contest {
  readonly #parts: ContestParts;
  readonly #request: LoadRequest;
  #seen: LoadRequest['mark'];
  #wait: SharedWait | undefined;
  #stopTimer: Cancel = () => undefined;
  #nextLook = FIRST_LOOK;
  #patientUntil: number | undefined;
  #isOver = false;

  constructor(parts: ContestParts, request: LoadRequest) {
    this.#parts = parts;
    this.#request = request;
    this.#seen = request.mark;
  }

  /** Whether something lies in the shared tier, or may lie behind it, that this load is to replace. */
  get hasSeen(): boolean {
    return this.#seen !== undefined || this.#request.old !== undefined || this.#parts.farther !== undefined;
  }

  /** Never rejects: a tier that cannot be asked is none. Says when it goes farther, for that time is not the load's. */
  async enter(onFarther: () => void = () => undefined): Promise<Verdict> {
    const { shared, journal, reporter } = this.#parts;
    const { key, policy, type } = this.#request;
    const { tags } = policy;
    try {
      for (;;) {
        if (this.#isOver || !shared.reaches(key) || journal.blocks(key, tags)) return ALONE;
        this.#listen();
        const { position } = this.#parts.ledger;
        const reply = await shared.acquire({ key, tags, type, seen: this.#seen });
        const verdict = this.#judge(reply, position);
        if (verdict?.kind === 'lease') return await this.#goFarther(verdict, position, onFarther);
        if (verdict !== undefined) return verdict;
      }
    } catch (error) {
      reporter.error('redis lease', error);
      return ALONE;
    }
  }

  /** Waits until it is worth another try, or no longer worth waiting. */
  async outwait(leftMs: number): Promise<'again' | 'alone'> {
    const { clock, solo } = this.#parts;
    const { policy, key } = this.#request;
    const now = clock.now();
    this.#patientUntil ??= now + policy.patience;
    const left = this.#patientUntil - now;
    if (left <= 0 || policy.singleFlight === 'process' || solo.has(key)) return this.#endWith('alone');
    const reason = await this.#woken(Math.min(left, leftMs + 1, this.#nextLook));
    this.#nextLook = Math.min(2 * this.#nextLook, LATEST_LOOK);
    if (reason === 'nothing') return this.#endWith('alone');
    // It failed for another; that it fails again is likely.
    if (reason === 'failed') await this.#after(Math.min(policy.retryAfter, this.#patientUntil - clock.now()));
    return 'again';
  }

  /** Whoever waits, waits in vain. */
  end(): void {
    this.#isOver = true;
    this.#stopTimer();
    this.#wait?.stop();
  }

  #listen(): void {
    this.#wait?.stop();
    this.#wait = this.#parts.shared.wait(this.#request.key);
  }

  #judge(reply: LeaseReply, position: number): Verdict | undefined {
    switch (reply.kind) {
      case 'won':
        this.#wait?.stop();
        return { kind: 'lease', lease: reply.lease };
      case 'busy':
        return reply;
      default:
        return this.#judgeFound(reply, position);
    }
  }

  /** With the lease, so that one process asks. Where there is something to replace, copies of that are what is found there. */
  async #goFarther(
    won: Extract<Verdict, { kind: 'lease' }>,
    position: number,
    onFarther: () => void,
  ): Promise<Verdict> {
    const { farther, clock, retention, reporter } = this.#parts;
    const { key, policy, type, old, isForced } = this.#request;
    if (farther === undefined || isForced || old !== undefined) return won;
    onFarther();
    const recovered = await farther.find({ key, tags: policy.tags, type });
    if (recovered === undefined) return won;
    const { found, mark, tier } = recovered;
    try {
      const entry = retention.restore(found, { key, position, now: clock.now() }, policy);
      return { kind: 'recovered', lease: won.lease, recovered: { entry, mark, tier } };
    } catch (error) {
      reporter.error(`${tier} copy`, error);
      return won;
    }
  }

  /** What lies there is the answer if it is worth more than what it was asked for in place of. */
  #judgeFound({ found, mark }: Extract<LeaseReply, { kind: 'found' }>, position: number): Verdict | undefined {
    const { clock, retention, journal, ledger } = this.#parts;
    const { key, policy, old, isForced } = this.#request;
    this.#seen = mark;
    const now = clock.now();
    const entry = retention.restore(found, { key, position, now }, policy);
    const state = freshness(entry, now);
    const isNewer = old === undefined || entry.born > old.born + SAME_LOAD;
    // The very value that memory has, but known to have missed nothing.
    const isProof = old !== undefined && state === 'fresh' && !ledger.admits(old);
    if (
      isForced ||
      !(isNewer || isProof) ||
      (state !== 'fresh' && state !== 'stale') ||
      journal.blocks(key, found.tags)
    ) {
      return undefined;
    }
    this.#wait?.stop();
    return { kind: 'found', entry };
  }

  #endWith<T>(verdict: T): T {
    this.#wait?.stop();
    return verdict;
  }

  #woken(ms: number): Promise<WakeReason | undefined> {
    const { clock } = this.#parts;
    return new Promise((resolve) => {
      this.#stopTimer = clock.after(ms, () => resolve(undefined));
      void this.#wait?.woken.then((reason) => {
        this.#stopTimer();
        resolve(reason);
      });
    });
  }

  #after(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#stopTimer = this.#parts.clock.after(Math.max(0, ms), resolve);
    });
  }
}
