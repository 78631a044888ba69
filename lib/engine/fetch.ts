import type { Clock } from '../core/clock.js';
import { type Entry, freshness } from '../core/entry.js';
import type { Journal } from '../coherence/journal.js';
import type { Ledger } from '../coherence/ledger.js';
import type { Trust } from '../coherence/trust.js';
import type { Reporter } from '../observe/reporter.js';
import type { CachePolicy } from '../policy/resolve-policy.js';
import type { Retention } from '../policy/retention.js';
import type { NearTier } from '../tiers/near-tier.js';
import type { SharedMark, SharedTier } from '../tiers/shared-tier.js';
import type { RevivedClass } from '../wire/value-writer.js';
import type { Admission } from './admission.js';

/** What a reader wants from the shared tier. */
export interface FetchRequest {
  readonly key: string;
  readonly policy: CachePolicy;
  readonly type: RevivedClass | undefined;
  /** The last invalidation known when the reader called. */
  readonly since: number;
}

/** What the shared tier had: something that may be served in some way, or nothing; and a mark of what lies there. */
export interface Fetched {
  readonly entry: Entry | undefined;
  readonly mark: SharedMark;
}

/** What fetching works with. */
export interface FetchParts {
  readonly clock: Clock;
  readonly near: NearTier;
  readonly ledger: Ledger;
  readonly trust: Trust;
  readonly journal: Journal;
  readonly shared: SharedTier;
  readonly retention: Retention;
  readonly admission: Admission;
  readonly reporter: Reporter;
  /** X, in milliseconds: how old a fetch may be that is joined by who cannot tell whether it missed an invalidation. */
  readonly bound: number;
}

/** One look at the shared tier on its way. */
interface Fetch {
  readonly position: number;
  readonly startedAt: number;
  readonly result: Promise<Fetched>;
}

const NOTHING: Fetched = Object.freeze({ entry: undefined, mark: undefined });

/** Looks into the shared tier, once for all who ask for a key at the same time, and takes what it finds into memory. */
export class Fetches {
  readonly #parts: FetchParts;
  readonly #byKey = new Map<string, Fetch>();

  constructor(parts: FetchParts) {
    this.#parts = parts;
  }

  /** Whether there is anybody to be asked for what a call wants. */
  mayAsk({ key, policy }: Pick<FetchRequest, 'key' | 'policy'>): boolean {
    const { shared, journal } = this.#parts;
    return shared.isReachable && !journal.blocks(key, policy.tags);
  }

  /** Never rejects: what fails is nothing found. */
  async fetch(request: FetchRequest): Promise<Fetched> {
    const { ledger } = this.#parts;
    const fetch = this.#joinable(request) ?? this.#begin(request);
    const fetched = await fetch.result;
    const { entry } = fetched;
    // Its tags are known only now: it may have been sent before an invalidation that this reader knew of.
    const isTooOld = entry !== undefined && fetch.position < request.since && ledger.covers(entry.tags, fetch.position);
    if (!isTooOld) return fetched;
    return this.mayAsk(request) ? this.#begin(request).result : NOTHING;
  }

  /** Its key was invalidated: what is on its way is neither joined nor kept. */
  detach(key: string): void {
    this.#byKey.delete(key);
  }

  #joinable({ key, policy }: FetchRequest): Fetch | undefined {
    const { clock, ledger, trust, bound } = this.#parts;
    const fetch = this.#byKey.get(key);
    if (fetch === undefined || ledger.covers(policy.tags, fetch.position)) return undefined;
    const now = clock.now();
    return now < trust.until || now - fetch.startedAt < bound ? fetch : undefined;
  }

  #begin(request: FetchRequest): Fetch {
    const { clock, ledger, near } = this.#parts;
    const { position } = ledger;
    const before = near.get(request.key);
    const isLatest = (): boolean => this.#byKey.get(request.key) === fetch;
    const fetch: Fetch = {
      position,
      startedAt: clock.now(),
      result: this.#ask(request, position).then((fetched) => {
        if (!isLatest()) return fetched;
        this.#byKey.delete(request.key);
        if (fetched.entry !== undefined) this.#keep(fetched.entry, before);
        return fetched;
      }),
    };
    this.#byKey.set(request.key, fetch);
    return fetch;
  }

  async #ask({ key, policy, type }: FetchRequest, position: number): Promise<Fetched> {
    const { shared, journal, retention, clock, reporter } = this.#parts;
    try {
      const { found, mark } = await shared.read({ key, tags: policy.tags, type });
      if (found === undefined || journal.blocks(key, found.tags)) return { entry: undefined, mark };
      const now = clock.now();
      const entry = retention.restore({ ...found, key, position, now }, policy);
      return { entry: freshness(entry, now) === 'dead' ? undefined : entry, mark };
    } catch (error) {
      reporter.error('redis read', error);
      return NOTHING;
    }
  }

  /** Something that was stored meanwhile is newer. */
  #keep(entry: Entry, before: Entry | undefined): void {
    const { near, admission, reporter } = this.#parts;
    const there = near.get(entry.key);
    if (there !== undefined && there !== before) return;
    try {
      admission.admit(entry);
    } catch (fault) {
      reporter.error('store', fault);
    }
  }
}
