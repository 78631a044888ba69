import type { CacheObserver, CallOptions, LayerCacheOptions, LoadContext } from '../../lib/index.js';
import type { Clock } from '../../lib/core/clock.js';
import type { Random } from '../../lib/core/random.js';
import type { RedisLink } from '../../lib/redis/link.js';

/** What the simulation calls. */
export interface CacheUnderTest {
  get<T>(key: string): Promise<T | undefined>;
  getOrSet<T>(key: string, load: (context: LoadContext<T>) => T | Promise<T>, options?: CallOptions): Promise<T>;
  set<T>(key: string, value: T, options?: CallOptions): Promise<void>;
  delete(...keys: string[]): Promise<void>;
  invalidateTags(...tags: string[]): Promise<void>;
  clear(): Promise<void>;
  /** Has joined Redis, or goes on without. */
  ready(): Promise<void>;
  close(): Promise<void>;
}

/** What a cache is given of the simulated world. */
export interface CacheParts {
  readonly name: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly warn: (message: string) => void;
  /** One for each bucket. */
  readonly links: readonly RedisLink[];
}

export type CacheOptions = LayerCacheOptions & { readonly observers: readonly CacheObserver[] };
export type MakeCache = (options: CacheOptions, parts: CacheParts) => CacheUnderTest;
