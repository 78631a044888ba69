import type { CacheObserver } from '../core/observer.js';
import { LayerCacheConfigError } from '../core/errors.js';
import { BYTE_SIZE_FORM, parseByteSize } from './byte-size.js';
import type { FarTier } from './far-tier.js';
import type { Isolation } from './isolation.js';
import type { LayerCacheOptions, MemoryOptions } from './options.js';
import {
  type CachePolicy,
  DEFAULT_POLICY,
  duration,
  only,
  POLICY_OPTION_NAMES,
  refuseNoOptions,
  refuseSliding,
  refuseUnknownOptions,
  resolvePolicy,
} from './resolve-policy.js';
import { type RedisSettings, resolveRedis } from './resolve-redis.js';
import { resolveTiers } from './resolve-tiers.js';

/** The memory tier's options, decided. At least one of the bounds is there. */
export interface MemorySettings {
  readonly max: number | undefined;
  readonly maxBytes: number | undefined;
}

/** The options of one cache, decided and frozen. */
export interface LayerCacheSettings {
  readonly policy: CachePolicy;
  readonly enabled: boolean;
  /** There where there is a Redis. */
  readonly prefix: string | undefined;
  readonly redis: RedisSettings | undefined;
  /** Those behind Redis, in their order. */
  readonly tiers: readonly FarTier[];
  readonly memory: MemorySettings | false;
  /** In milliseconds, as the next. */
  readonly staleBound: number;
  readonly detachedTtl: number;
  readonly isolation: Isolation;
  readonly loads: number;
  readonly keyContext: (() => string | undefined) | undefined;
  readonly observers: readonly CacheObserver[];
}

const DEFAULT_MAX = 10_000;
const DEFAULT_LOADS = 64;
const DEFAULT_STALE_BOUND = 2_000;
const DEFAULT_DETACHED_TTL = 60_000;
/** As many as a Map can hold. */
const MOST_ENTRIES = 2 ** 24;
const NAME = /^[A-Za-z0-9._-]{1,64}$/;
const ISOLATIONS: readonly unknown[] = ['freeze', 'clone', 'share'] satisfies Isolation[];

const CACHE_OPTION_NAMES = [
  'enabled',
  'prefix',
  'redis',
  'tiers',
  'memory',
  'staleBound',
  'detachedTtl',
  'loads',
  'keyContext',
  'observers',
] as const satisfies readonly (keyof LayerCacheOptions)[];
const MEMORY_OPTION_NAMES = ['max', 'maxBytes', 'isolation'] as const satisfies readonly (keyof MemoryOptions)[];

const isWholeAbove0 = (given: unknown): boolean => Number.isSafeInteger(given) && (given as number) > 0;

const READERS = {
  enabled: only((given) => typeof given === 'boolean', 'true or false'),
  prefix: only((given) => typeof given === 'string' && NAME.test(given), '1 to 64 of A-Z a-z 0-9 . _ -'),
  loads: only(isWholeAbove0, 'a whole number above 0'),
  keyContext: only(
    (given) => typeof given === 'function',
    'a function that returns a text, or undefined for "do not cache"',
  ),
  observers: only(
    (given) =>
      Array.isArray(given) && Array.from(given as unknown[]).every((item) => typeof item === 'object' && item !== null),
    'an array of objects with methods of CacheObserver',
  ),
  max: only(
    (given) => isWholeAbove0(given) && (given as number) <= MOST_ENTRIES,
    `a whole number from 1 to ${MOST_ENTRIES}`,
  ),
  isolation: only((given) => ISOLATIONS.includes(given), "'freeze', 'clone' or 'share'"),
};

/** The names of all options of a cache. */
export const ALL_OPTION_NAMES: readonly string[] = [...POLICY_OPTION_NAMES, ...CACHE_OPTION_NAMES];

/** Decides every option of a cache, once; throws a LayerCacheConfigError for the first that cannot be used. */
export function resolveOptions(options: LayerCacheOptions = {}): LayerCacheSettings {
  refuseNoOptions(options, 'options');
  refuseUnknownOptions(options, ALL_OPTION_NAMES);
  const policy = resolvePolicy(DEFAULT_POLICY, options);
  const redis = resolveRedis(options.redis);
  const tiers = resolveTiers(options.tiers, redis === undefined ? 'without redis' : 'behind redis');
  const prefix = readIfGiven('prefix', options.prefix);
  if (redis !== undefined) refuseWithRedis(prefix, policy);
  const memory = memoryOptions(options.memory, redis);
  return Object.freeze({
    policy,
    enabled: readIfGiven('enabled', options.enabled) ?? true,
    prefix,
    redis,
    tiers,
    memory: memory !== false && memorySettings(memory),
    isolation: (memory !== false && readIfGiven('isolation', memory.isolation, 'memory.')) || 'freeze',
    staleBound: staleBoundOf(options.staleBound),
    detachedTtl:
      options.detachedTtl === undefined ? DEFAULT_DETACHED_TTL : duration(options.detachedTtl, 'detachedTtl'),
    loads: readIfGiven('loads', options.loads) ?? DEFAULT_LOADS,
    keyContext: readIfGiven('keyContext', options.keyContext),
    observers: Object.freeze([...(readIfGiven('observers', options.observers) ?? [])]),
  });
}

/** A cache's name, which becomes part of its keys. */
export function resolveName(given: unknown): string {
  return only((name) => typeof name === 'string' && NAME.test(name), '1 to 64 of A-Z a-z 0-9 . _ -')(
    given,
    'name',
  ) as string;
}

function readIfGiven<T>(name: keyof typeof READERS, given: T, path = ''): T {
  if (given !== undefined) READERS[name](given, `${path}${name}`);
  return given;
}

function refuseWithRedis(prefix: string | undefined, policy: CachePolicy): void {
  if (prefix === undefined) {
    const takes = `a text with redis, where it is the first part of every key: '${proposedPrefix()}' for instance`;
    throw new LayerCacheConfigError({ option: 'prefix', got: prefix, takes });
  }
  refuseSliding(policy);
}

/** The package's name, where npm says it, in the characters of a prefix. */
function proposedPrefix(): string {
  const name = process.env['npm_package_name'] ?? '';
  const plain = name.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^-+|-+$/g, '');
  return plain.slice(0, 64) || 'shop';
}

function staleBoundOf(given: LayerCacheOptions['staleBound']): number {
  if (given === undefined) return DEFAULT_STALE_BOUND;
  const ms = duration(given, 'staleBound');
  if (ms > 0) return ms;
  throw new LayerCacheConfigError({ option: 'staleBound', got: given, takes: "a duration above 0, such as '2s'" });
}

function memoryOptions(given: LayerCacheOptions['memory'], redis: RedisSettings | undefined): MemoryOptions | false {
  if (given === undefined) return {};
  if (given === false && redis !== undefined) return false;
  if (given === false) {
    const takes = 'an object: without memory and without redis there is no tier';
    throw new LayerCacheConfigError({ option: 'memory', got: false, takes });
  }
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new LayerCacheConfigError({ option: 'memory', got: given, takes: 'an object such as { max: 10_000 }' });
  }
  refuseUnknownOptions(given, MEMORY_OPTION_NAMES, 'memory.');
  return given;
}

function memorySettings(given: MemoryOptions): MemorySettings {
  const max = readIfGiven('max', given.max, 'memory.');
  const maxBytes = given.maxBytes === undefined ? undefined : parseByteSize(given.maxBytes);
  if (given.maxBytes !== undefined && maxBytes === undefined) {
    throw new LayerCacheConfigError({ option: 'memory.maxBytes', got: given.maxBytes, takes: BYTE_SIZE_FORM });
  }
  return Object.freeze({ max: max ?? (maxBytes === undefined ? DEFAULT_MAX : undefined), maxBytes });
}
