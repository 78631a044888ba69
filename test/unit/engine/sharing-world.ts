import { Journal } from '../../../lib/coherence/journal.js';
import { Ledger } from '../../../lib/coherence/ledger.js';
import { Entry, type EntryParts, type Terms } from '../../../lib/core/entry.js';
import { composeObservers } from '../../../lib/core/observer.js';
import type { Random } from '../../../lib/core/random.js';
import { Drain } from '../../../lib/engine/drain.js';
import { Farther } from '../../../lib/engine/farther.js';
import type { LoadRequest } from '../../../lib/engine/load-request.js';
import { RetryTimes } from '../../../lib/engine/retry-times.js';
import { Sharing } from '../../../lib/engine/sharing.js';
import { SoloNames } from '../../../lib/engine/solo-names.js';
import { Tell } from '../../../lib/engine/tell.js';
import { Reporter } from '../../../lib/observe/reporter.js';
import type { FarTier } from '../../../lib/policy/far-tier.js';
import type { Isolation } from '../../../lib/policy/isolation.js';
import type { CachePolicyOptions } from '../../../lib/policy/options.js';
import { DEFAULT_POLICY, resolvePolicy } from '../../../lib/policy/resolve-policy.js';
import { Retention } from '../../../lib/policy/retention.js';
import { ManualClock, RecordingObserver } from '../../../lib/testing/index.js';
import { FarChain } from '../../../lib/tiers/far-chain.js';
import { GuardedTier } from '../../../lib/tiers/guarded.tier.js';
import type { NearTier } from '../../../lib/tiers/near-tier.js';
import { NoMemoryTier } from '../../../lib/tiers/no-memory.tier.js';
import { PARTS, StubTier, StubVoucher } from './stub-tier.js';

const noChance = (): never => {
  throw new Error('nothing is left to chance');
};

/** What a world is made with, where it is not to be the usual. */
export interface WorldOptions {
  /** So many invalidations are remembered one by one. */
  readonly capacity?: number;
  readonly near?: NearTier;
  readonly isolation?: Isolation;
  readonly random?: Random;
  /** Behind the shared one. */
  readonly tiers?: readonly FarTier[];
}

/** Everything that shares and tells, as a cache wires it, on a shared tier that a test answers for. */
export class SharingWorld {
  readonly clock = new ManualClock(10_000);
  readonly tier = new StubTier();
  readonly drain = new Drain();
  readonly solo = new SoloNames();
  readonly retryTimes = new RetryTimes();
  readonly heard = new RecordingObserver();
  readonly warnings: string[] = [];
  readonly near: NearTier;
  readonly journal: Journal;
  readonly retention: Retention;
  readonly voucher = new StubVoucher();
  readonly farther: Farther | undefined;
  readonly ledger: Ledger;
  readonly reporter: Reporter;
  readonly sharing: Sharing;
  readonly tell: Tell;

  constructor({
    capacity = 1_000,
    near = new NoMemoryTier(),
    isolation = 'share',
    tiers = [],
    random = noChance,
  }: WorldOptions = {}) {
    this.near = near;
    this.journal = new Journal({ capacity, parts: PARTS });
    this.ledger = new Ledger(near, () => undefined, { knows: 'what it hears' });
    this.reporter = new Reporter(composeObservers('c', [this.heard], this.warn), near);
    this.retention = new Retention(isolation, random, 'memory and another');
    this.farther = tiers.length === 0 ? undefined : this.#fartherTo(tiers);
    const { clock, tier: shared, drain, solo, retryTimes, journal, ledger, reporter, warn, saysUnwritable } = this;
    const { retention, farther } = this;
    this.sharing = new Sharing({
      ...{
        clock,
        ledger,
        shared,
        journal,
        retention,
        solo,
        reporter,
        drain,
        warn,
        saysUnwritable,
        retryTimes,
        farther,
      },
    });
    this.tell = new Tell({
      ...{ clock, shared, journal, drain, reporter, warn, saysUnwritable, limit: 250, detachedTtl: 60_000 },
    });
  }

  readonly warn = (message: string): void => void this.warnings.push(message);

  readonly saysUnwritable = (name: string, reason: string): string => `${name} cannot be written: ${reason}`;

  /** What was told of failures, in the words of the event and of the error. */
  get faults(): readonly string[] {
    return this.heard.of('error').map(([during, error]) => `${String(during)}: ${(error as Error).message}`);
  }

  #fartherTo(tiers: readonly FarTier[]): Farther {
    const { clock, voucher, journal, drain, reporter } = this;
    const onError = (during: string, error: unknown): void => reporter.error(during, error);
    const chain = new FarChain(tiers.map((tier) => new GuardedTier(tier, { clock, onError })));
    return new Farther({ clock, chain, voucher, journal, drain, reporter, nameOf: (key) => `name of ${key}` });
  }
}

/** A load of `k`, which carries the tag `t`. */
export function requestOf(parts: Partial<LoadRequest> = {}, options: CachePolicyOptions = {}): LoadRequest {
  return {
    ...{ key: 'k', name: 'k', type: undefined, old: undefined, mark: undefined },
    ...{ isForced: false, place: 'before-callers' },
    load: () => 'loaded',
    policy: resolvePolicy(DEFAULT_POLICY, { tags: ['t'], ...options }),
    ...parts,
  };
}

const TERMS: Terms = {
  ...{ form: 'shared', staleWhileRevalidate: 0, staleIfError: 0, slidingTtl: 0, refreshAhead: undefined },
};

/** An entry of `k`, which carries the tag `t`. */
export function entryOf({
  terms = {},
  ...parts
}: Partial<Omit<EntryParts, 'terms'>> & { terms?: Partial<Terms> }): Entry {
  return new Entry({
    ...{ key: 'k', value: 'v', tags: ['t'], position: 0 },
    ...{ born: 0, freshUntil: 1_000, quietUntil: 1_000, loadMs: 0 },
    terms: { ...TERMS, ...terms },
    ...parts,
  });
}
