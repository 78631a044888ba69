export { ManualClock } from './manual-clock.js';
export { type ConformanceCase, nearTierCases } from './near-tier.kit.js';
export { type RecordedEvent, RecordingObserver } from './recording.observer.js';
export { CACHE_PARTS } from '../nest/tokens.js';
export { LayerCacheTestingModule, type LayerCacheTestingOptions } from './nest/layer-cache-testing.module.js';
