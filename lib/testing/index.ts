export type { ConformanceCase } from './conformance-case.js';
export { farTierCases } from './far-tier.kit.js';
export { FaultyTier } from './faulty.tier.js';
export { ManualClock } from './manual-clock.js';
export { LossyNetwork } from './network/lossy-network.js';
export type { LossyWay } from './network/lossy-way.js';
export type { LossyNetworkOptions } from './network/redis-place.js';
export { nearTierCases } from './near-tier.kit.js';
export { type RecordedEvent, RecordingObserver } from './recording.observer.js';
export { type SharedPair, sharedTierCases } from './shared-tier.kit.js';
export { CACHE_PARTS } from '../nest/tokens.js';
export { LayerCacheTestingModule, type LayerCacheTestingOptions } from './nest/layer-cache-testing.module.js';
export { PartlyToldError } from '../tiers/shared-tier.js';
export type {
  CopiedOutcome,
  LeaseBusy,
  LeaseNeedless,
  LeaseReply,
  LeaseWon,
  LeaseRequest,
  ReleaseReason,
  SharedFind,
  SharedLease,
  SharedMark,
  SharedRequest,
  SharedTier,
  SharedValue,
  SharedWait,
  StoredCopy,
  StoreOutcome,
  UnwritableOutcome,
  WakeReason,
} from '../tiers/shared-tier.js';
export type { RevivedClass } from '../wire/value-writer.js';
