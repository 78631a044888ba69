import type { CacheObserver } from '../core/observer.js';
import type { ByteSize } from './byte-size.js';
import type { Duration } from './duration.js';
import type { FarTier } from './far-tier.js';
import type { Isolation } from './isolation.js';
import type { RedisOptions } from './redis-options.js';

/** How long a value is kept and what may be done with an old one. Every option can be given per cache and per call. */
export interface CachePolicyOptions {
  /** How long a value is fresh. Default `'1m'`; at most a year. */
  ttl?: Duration;
  /** The longest time a value is used from memory before the far tier is asked again. Idle without a far tier. Default: none. */
  memoryTtl?: Duration;
  /** For this long after `ttl` the old value is served at once and refreshed behind. Default 0. */
  staleWhileRevalidate?: Duration;
  /** For this long after `ttl` the old value is served when the load fails or times out. Default 0. */
  staleIfError?: Duration;
  /** How long null, undefined or a negative error is remembered, at most `ttl`; false: never. Default `'5s'`. */
  negativeTtl?: Duration | false;
  /** Tells errors that are an answer, such as "not found", from failures. Such an error is remembered for `negativeTtl`. Default: none is; in Nest, `isNotFoundError`. */
  isNegativeError?: (error: unknown) => boolean;
  /** The share of `ttl`, 0 to 1, by which it is shortened at random, so that values stored together do not end together. Default 0.05. */
  jitter?: number;
  /** The share of `ttl`, between 0 and 1, after which a hit refreshes behind it; `'adaptive'`: by the measured time of the load. Default: none. */
  refreshAhead?: number | 'adaptive';
  /** A fresh hit starts `ttl` anew. Not together with Redis. Default false. */
  sliding?: boolean;
  /** After this a load is given up: its signal fires, and callers get the old value or a `LoadTimeoutError`; false: never. Default `'30s'`. */
  timeout?: Duration | false;
  /** With an old value at hand: serve it after this and let the load finish behind. Needs `staleIfError`. Default: none. */
  softTimeout?: Duration;
  /** After a failed refresh the old value is served this long without a new load. Default `'2s'`. */
  retryAfter?: Duration;
  /** One load per key among all processes, or in each. Idle without a far tier. Default `'cluster'`. */
  singleFlight?: 'cluster' | 'process';
  /** How long to wait for another process's load before loading here. Idle without a far tier. Default `'5s'`. */
  patience?: Duration;
  /** Names of the data the value is made of: `invalidateTags` ends every value that carries one. Added to the cache's own. Default: none. */
  tags?: readonly string[];
}

/** The options of one call. They are looked at when something must be loaded or stored; a hit is answered by what it was stored with. */
export interface CallOptions extends CachePolicyOptions {
  /** Ends this caller's wait. The load goes on while another caller waits for it. */
  signal?: AbortSignal;
  /** Load even if there is a fresh value. A failure reaches the caller, and the value there was stays. Default false. */
  force?: boolean;
}

/** The memory tier. */
export interface MemoryOptions {
  /** The most entries it holds. Default 10,000; none when `maxBytes` is given alone. */
  max?: number;
  /** The most bytes it holds, by an estimate made when a value is stored. Default: none. */
  maxBytes?: ByteSize;
  /**
   * What readers get. `'freeze'`: one frozen copy for all; what cannot be frozen (`Date`, `Map`, `Set`, buffers) makes it
   * a copy for each. `'clone'`: a copy for each. `'share'`: the very object the load returned. Class instances are always
   * shared. Default `'freeze'`.
   */
  isolation?: Isolation;
}

/** The options of one cache: the defaults of its policy, and what it is made of. */
export interface LayerCacheOptions extends CachePolicyOptions {
  /** False: every call loads, nothing is stored. Default true. */
  enabled?: boolean;
  /** The first part of every Redis key, 1 to 64 of `A-Z a-z 0-9 . _ -`. Needed with Redis, idle without. Default: none. */
  prefix?: string;
  /** The tier that all processes share. Undefined: memory alone. Default: none. */
  redis?: RedisOptions | undefined;
  /** More tiers behind Redis, asked in this order; what one has fills those before it. Only with Redis. Default: none. */
  tiers?: readonly FarTier[] | undefined;
  /** The memory tier; false for none, which needs Redis. Default: 10,000 entries. */
  memory?: false | MemoryOptions;
  /** How long a process that hears nothing may go on trusting its memory. Idle without Redis. Default `'2s'`. */
  staleBound?: Duration;
  /** How long memory goes on answering while Redis cannot be reached; 0: not at all. Idle without Redis. Default `'60s'`. */
  detachedTtl?: Duration;
  /**
   * Loads of this cache at once, in this process. Above it an old value is served if there is one, else the caller waits
   * his turn. A load that one of them waits for may run on its place. Before Node 24 in production that cannot be seen;
   * there the limit grows while no load ends for a second or more. Default 64.
   */
  loads?: number;
  /** Part of every key, such as the tenant of the current request. Undefined: the call is not cached. Default: none. */
  keyContext?: () => string | undefined;
  /** Hear what this cache does. Default: none. */
  observers?: readonly CacheObserver[];
}
