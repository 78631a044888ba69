import type { Clock } from '../core/clock.js';
import type { Ledger } from '../coherence/ledger.js';
import type { Reporter } from '../observe/reporter.js';
import type { Retention } from '../policy/retention.js';
import type { NearTier } from '../tiers/near-tier.js';
import type { Admission } from './admission.js';
import type { Flights } from './flight.js';
import type { LoadChain } from './load-chain.js';
import type { LoadSlots } from './load-slots.js';
import type { Look } from './look.js';
import type { Sharing } from './sharing.js';

/** What every load of a cache works with. */
export interface LoadParts {
  readonly clock: Clock;
  readonly near: NearTier;
  readonly ledger: Ledger;
  readonly flights: Flights;
  readonly slots: LoadSlots;
  readonly chain: LoadChain;
  readonly retention: Retention;
  readonly admission: Admission;
  readonly look: Look;
  /** Where there is a tier that all processes share. */
  readonly sharing: Sharing | undefined;
  readonly reporter: Reporter;
}
