export type { Cancel, Clock } from './core/clock.js';
export type { Entry, EntryParts, Form, Terms } from './core/entry.js';
export {
  type ConfigMistake,
  InvalidationPendingError,
  LayerCacheConfigError,
  LayerCacheError,
  LayerCacheKeyError,
  LoadTimeoutError,
  type Misuse,
  ReentrantLoadError,
} from './core/errors.js';
export type {
  BypassReason,
  CacheEvent,
  CacheObserver,
  EvictionCause,
  InvalidationScope,
  LoadOutcome,
  RefreshReason,
  StaleReason,
  Warn,
} from './core/observer.js';
export type { Random } from './core/random.js';
export { createLayerCache, type LayerCacheParts } from './engine/create-layer-cache.js';
export { Drain } from './engine/drain.js';
export type { LayerCache } from './engine/engine.js';
export type { LoadContext, Loader } from './engine/load-context.js';
export type { Lookup } from './engine/lookup.js';
export { LateLoadContextError, loadContext } from './engine/running-load.js';
export type { CacheStats } from './observe/reporter.js';
export type { ByteSize } from './policy/byte-size.js';
export type { Duration } from './policy/duration.js';
export type { FarTier } from './policy/far-tier.js';
export type { Isolation } from './policy/isolation.js';
export type { CachePolicyOptions, CallOptions, LayerCacheOptions, MemoryOptions } from './policy/options.js';
export type {
  RedisByClient,
  RedisByCluster,
  RedisByOptions,
  RedisByUrl,
  RedisClient,
  RedisClusterClient,
  RedisNode,
  RedisNodeAddress,
  RedisOptions,
  RedisUse,
  Serializer,
} from './policy/redis-options.js';
export type { NearTier, OnEvict } from './tiers/near-tier.js';
export { CacheTags } from './nest/cache-tags.decorator.js';
export { type ArgumentsOf, type CacheableMethod, CacheService } from './nest/cache.service.js';
export { getCacheToken, InjectCache } from './nest/cache.token.js';
export { Cached } from './nest/cached.decorator.js';
export type {
  AdaptFunction,
  AsyncMethod,
  CachedMethodDecorator,
  CachedOptions,
  CallPredicate,
  Class,
  Fits,
  KeyFunction,
  KeyParts,
  NoPromise,
  ResultOf,
  ResultPredicate,
  ResultTagsMethodDecorator,
  TagFunction,
  Tags,
  TagSource,
  TagsMethodDecorator,
} from './nest/decorator-types.js';
export { InvalidateTags } from './nest/invalidate-tags.decorator.js';
export { LayerCacheInterceptor } from './nest/layer-cache.interceptor.js';
export { LayerCacheModule, type LayerCacheModuleAsyncOptions } from './nest/layer-cache.module.js';
export type { LayerCacheModuleExtras, LayerCacheOptionsFactory } from './nest/layer-cache.options.js';
export { isNotFoundError } from './nest/not-found.js';
