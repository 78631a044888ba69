import type { Clock } from '../core/clock.js';
import { type Entry, freshness } from '../core/entry.js';
import { TurnoverMap } from '../core/turnover-map.js';
import type { Journal } from '../coherence/journal.js';
import type { Ledger } from '../coherence/ledger.js';
import type { Trust } from '../coherence/trust.js';
import type { Reporter } from '../observe/reporter.js';
import type { CachePolicy } from '../policy/resolve-policy.js';
import type { Retention } from '../policy/retention.js';
import type { NearTier } from '../tiers/near-tier.js';
import type { SharedFind, SharedMark, SharedTier } from '../tiers/shared-tier.js';
import type { RevivedClass } from '../wire/value-writer.js';
import type { Admission } from './admission.js';
import type { Farther } from './farther.js';
import type { RetryTimes } from './retry-times.js';

/** What a reader wants from the shared tier. */
export interface FetchRequest {
  readonly key: string;
  readonly policy: CachePolicy;
  readonly type: RevivedClass | undefined;
  /** The last invalidation known when the reader called. */
  readonly since: number;
  /** Whoever will not load asks the tiers behind the shared one as well; a load does so with its lease. Default: the shared one alone. */
  readonly reach?: 'farthest';
}

/** What the shared tier had: something that may be served in some way, or nothing; and a mark of what lies there. */
export interface Fetched {
  readonly entry: Entry | undefined;
  /** The tier that had it. */
  readonly tier: string;
  readonly mark: SharedMark;
  /** Its key was invalidated meanwhile: it is an answer to those who asked before, and nothing else. */
  readonly isOver: boolean;
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
  readonly retryTimes: RetryTimes;
  readonly reporter: Reporter;
  /** X, in milliseconds: how old a fetch may be that is joined by who cannot tell whether it missed an invalidation. */
  readonly bound: number;
  /** Where there are tiers behind the shared one. */
  readonly farther?: Farther | undefined;
}

/** One look at the shared tier on its way. */
interface Fetch {
  readonly position: number;
  readonly startedAt: number;
  readonly request: FetchRequest;
  readonly result: Promise<Fetched>;
}

interface Begun {
  readonly fetch: Fetch;
  /** What memory had when it was sent. */
  readonly before: Entry | undefined;
}

/** What was found, and the tier, where it is not the shared one. */
type Find = SharedFind & { readonly tier?: string };

const NOTHING: Fetched = Object.freeze({ entry: undefined, tier: '', mark: undefined, isOver: false });

/** Looks into the shared tier, once for all who ask for a key at the same time, and takes what it finds into memory. */
export class Fetches {
  readonly #parts: FetchParts;
  readonly #byKey = new TurnoverMap<string, Fetch>();

  constructor(parts: FetchParts) {
    this.#parts = parts;
  }

  /** Whether there is anybody to be asked for what a call wants. */
  mayAsk({ key, policy }: Pick<FetchRequest, 'key' | 'policy'>): boolean {
    const { shared, journal } = this.#parts;
    return shared.reaches(key) && !journal.blocks(key, policy.tags);
  }

  /** Never rejects: what fails is nothing found. */
  fetch(request: FetchRequest): Promise<Fetched> {
    const joined = this.#joinable(request);
    if (joined === undefined) return this.#begin(request).result;
    return joined.result.then((fetched) => (this.#isTooOld(joined, fetched, request) ? this.#again(request) : fetched));
  }

  /** Its tags are known only now: it may have been sent before an invalidation that this reader knew of. */
  #isTooOld({ position }: Fetch, { entry }: Fetched, { since }: FetchRequest): boolean {
    return entry !== undefined && position < since && this.#parts.admission.isOutdated(entry, position);
  }

  #again(request: FetchRequest): Promise<Fetched> | Fetched {
    return this.mayAsk(request) ? this.#begin(request).result : NOTHING;
  }

  /** Its key was invalidated: what is on its way is neither joined nor kept. */
  detach(key: string): void {
    this.#byKey.delete(key);
  }

  #joinable(request: FetchRequest): Fetch | undefined {
    const { clock, ledger, trust, admission, bound } = this.#parts;
    const fetch = this.#byKey.get(request.key);
    if (fetch === undefined || !asksTheSame(fetch.request, request)) return undefined;
    const { key, policy } = request;
    if (ledger.covers({ key, tags: admission.namesOf(key, policy.tags) }, fetch.position)) return undefined;
    const now = clock.now();
    return now < trust.untilOf(request.key) || now - fetch.startedAt < bound ? fetch : undefined;
  }

  #begin(request: FetchRequest): Fetch {
    const { clock, ledger, near } = this.#parts;
    const { key } = request;
    const before = near.get(key);
    const fetch: Fetch = {
      position: ledger.position,
      startedAt: clock.now(),
      request,
      result: this.#find(request).then(
        (find) => this.#found(request, find, { fetch, before }),
        (error: unknown) => this.#failed(key, error, fetch),
      ),
    };
    this.#byKey.set(key, fetch);
    return fetch;
  }

  #find({ key, policy, type, reach }: FetchRequest): Promise<Find> {
    const { shared, farther } = this.#parts;
    const request = { key, tags: policy.tags, type };
    const read = shared.read(request);
    if (reach === undefined || farther === undefined) return read;
    return read.then(async (find) => (find.found === undefined ? ((await farther.find(request)) ?? find) : find));
  }

  #found(request: FetchRequest, { found, mark, tier: farTier }: Find, { fetch, before }: Begun): Fetched {
    const { journal, retention, clock, retryTimes, shared } = this.#parts;
    const tier = farTier ?? shared.name;
    const { key, policy } = request;
    const isLatest = this.#leave(key, fetch);
    const isOver = !isLatest;
    if (found === undefined || journal.blocks(key, found.tags)) return { entry: undefined, tier, mark, isOver };
    const now = clock.now();
    const entry = retention.restore(found, { key, position: fetch.position, now }, policy);
    if (freshness(entry, now) === 'dead') return { entry: undefined, tier, mark, isOver };
    entry.retryAt = retryTimes.of(key, now) ?? entry.retryAt;
    if (isLatest) this.#keep(entry, before);
    return { entry, tier, mark, isOver };
  }

  #failed(key: string, error: unknown, fetch: Fetch): Fetched {
    this.#leave(key, fetch);
    this.#parts.reporter.error('redis read', error);
    return NOTHING;
  }

  /** Whether no other has taken its place. */
  #leave(key: string, fetch: Fetch): boolean {
    return this.#byKey.get(key) === fetch && this.#byKey.delete(key);
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

/** Who names no class cannot read what another can, and who declares no tags takes what another must not. */
function asksTheSame(one: FetchRequest, other: FetchRequest): boolean {
  const [tags, others] = [one.policy.tags, other.policy.tags];
  if (one.type !== other.type || one.reach !== other.reach || tags.length !== others.length) return false;
  return tags === others || tags.every((tag, index) => tag === others[index]);
}
