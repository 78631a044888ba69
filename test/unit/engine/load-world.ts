import { ALWAYS_TRUSTED } from '../../../lib/coherence/trust.js';
import { Admission } from '../../../lib/engine/admission.js';
import { type Flight, Flights } from '../../../lib/engine/flight.js';
import { affordableLoadChain } from '../../../lib/engine/load-chain.js';
import type { LoadRequest } from '../../../lib/engine/load-request.js';
import { LoadSlots } from '../../../lib/engine/load-slots.js';
import { Look } from '../../../lib/engine/look.js';
import { Miss } from '../../../lib/engine/miss.js';
import type { CachePolicyOptions } from '../../../lib/policy/options.js';
import { MemoryTier } from '../../../lib/tiers/memory.tier.js';
import { Source, settle } from '../../support/source.js';
import { requestOf, SharingWorld, type WorldOptions } from './sharing-world.js';
import { StubLease } from './stub-tier.js';

/** As many as a test can need. */
const MANY = 100;

/** Everything that loads, as a cache wires it, on a shared tier that a test answers for, or on memory alone. */
export class LoadWorld extends SharingWorld {
  readonly flights = new Flights();
  readonly source = new Source<unknown>();
  readonly admission: Admission;
  readonly miss: Miss;

  constructor({
    isShared = true,
    loads = MANY,
    ...options
  }: WorldOptions & { isShared?: boolean; loads?: number } = {}) {
    super({ near: new MemoryTier({ max: MANY, maxBytes: undefined }), random: () => 0, ...options });
    const { clock, near, ledger, journal, flights, retention, reporter } = this;
    const sharing = isShared ? this.sharing : undefined;
    const [detachedTtl, salt] = [60_000, 0];
    this.admission = new Admission(ledger, { clock, journal, detachedTtl, digestsOf: () => [] });
    const look = new Look({ near, ledger, trust: ALWAYS_TRUSTED, reporter, detachedTtl, salt });
    const [chain, slots] = [affordableLoadChain('24.0.0', undefined), new LoadSlots(loads)];
    this.miss = new Miss({
      ...{ clock, near, ledger, flights, slots, chain, retention, admission: this.admission, look, sharing, reporter },
    });
  }

  /** Starts a load of `k`, which the source answers. */
  fly(parts: Partial<LoadRequest> = {}, options: CachePolicyOptions = {}): Flight {
    return this.miss.fly(requestOf({ load: this.source.load, ...parts }, { ttl: '1m', jitter: 0, ...options }));
  }

  /** The shared tier answers who asks for the lease of `k`. */
  async reply(reply: object): Promise<void> {
    await settle();
    this.tier.answer(reply, 'acquire k');
    await settle();
  }

  /** It gives him the lease. */
  async win(): Promise<StubLease> {
    const lease = new StubLease();
    await this.reply({ kind: 'won', lease });
    return lease;
  }

  /** How loads ended. */
  get ends(): readonly unknown[] {
    return this.heard.of('load').map(([, , outcome]) => outcome);
  }
}
