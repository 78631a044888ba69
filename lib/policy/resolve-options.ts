import type { CacheObserver } from '../core/observer.js';
import { LayerCacheConfigError } from '../core/errors.js';
import { BYTE_SIZE_FORM, parseByteSize } from './byte-size.js';
import type { Isolation } from './isolation.js';
import type { LayerCacheOptions, MemoryOptions } from './options.js';
import {
  type CachePolicy,
  DEFAULT_POLICY,
  duration,
  only,
  POLICY_OPTION_NAMES,
  refuseNoOptions,
  refuseUnknownOptions,
  resolvePolicy,
} from './resolve-policy.js';

/** The memory tier's options, decided. At least one of the bounds is there. */
export interface MemorySettings {
  readonly max: number | undefined;
  readonly maxBytes: number | undefined;
}

/** The options of one cache, decided and frozen. */
export interface LayerCacheSettings {
  readonly policy: CachePolicy;
  readonly enabled: boolean;
  readonly memory: MemorySettings;
  readonly isolation: Isolation;
  readonly loads: number;
  readonly keyContext: (() => string | undefined) | undefined;
  readonly observers: readonly CacheObserver[];
}

const DEFAULT_MAX = 10_000;
const DEFAULT_LOADS = 64;
/** As many as a Map can hold. */
const MOST_ENTRIES = 2 ** 24;
const NAME = /^[A-Za-z0-9._-]{1,64}$/;
const ISOLATIONS: readonly unknown[] = ['freeze', 'clone', 'share'] satisfies Isolation[];

const CACHE_OPTION_NAMES = [
  'enabled',
  'prefix',
  'memory',
  'staleBound',
  'detachedTtl',
  'loads',
  'keyContext',
  'observers',
] as const satisfies readonly (keyof LayerCacheOptions)[];
const MEMORY_OPTION_NAMES = ['max', 'maxBytes', 'isolation'] as const satisfies readonly (keyof MemoryOptions)[];
/** Known by name, so that the error can say why they are refused. */
const SHARED_TIER_OPTION_NAMES = ['redis', 'tiers'];

const isWholeAbove0 = (given: unknown): boolean => Number.isSafeInteger(given) && (given as number) > 0;

const READERS = {
  enabled: only((given) => typeof given === 'boolean', 'true or false'),
  prefix: only((given) => typeof given === 'string' && NAME.test(given), '1 to 64 of A-Z a-z 0-9 . _ -'),
  staleBound: only((given) => duration(given, 'staleBound') > 0, "a duration above 0, such as '2s'"),
  detachedTtl: duration,
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
export const ALL_OPTION_NAMES: readonly string[] = [
  ...POLICY_OPTION_NAMES,
  ...CACHE_OPTION_NAMES,
  ...SHARED_TIER_OPTION_NAMES,
];

/** Decides every option of a cache, once; throws a LayerCacheConfigError for the first that cannot be used. */
export function resolveOptions(options: LayerCacheOptions = {}): LayerCacheSettings {
  refuseNoOptions(options, 'options');
  refuseSharedTiers(options);
  refuseUnknownOptions(options, ALL_OPTION_NAMES);
  readIfGiven('prefix', options.prefix);
  readIfGiven('staleBound', options.staleBound);
  readIfGiven('detachedTtl', options.detachedTtl);
  const memory = memoryOptions(options.memory);
  return Object.freeze({
    policy: resolvePolicy(DEFAULT_POLICY, options),
    enabled: readIfGiven('enabled', options.enabled) ?? true,
    memory: memorySettings(memory),
    isolation: readIfGiven('isolation', memory.isolation, 'memory.') ?? 'freeze',
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

/** Saying nothing about a tier that will not run would leave other processes with stale memories: better not to start. */
function refuseSharedTiers(options: object): void {
  for (const option of SHARED_TIER_OPTION_NAMES) {
    const got = (options as Record<string, unknown>)[option];
    if (got !== undefined) {
      throw new LayerCacheConfigError({
        option,
        got,
        takes: 'undefined: this version caches in memory only. Remove it',
      });
    }
  }
}

function memoryOptions(given: LayerCacheOptions['memory']): MemoryOptions {
  if (given === undefined) return {};
  if (given === false) {
    throw new LayerCacheConfigError({
      option: 'memory',
      got: false,
      takes: 'an object: without memory and without redis there is no tier',
    });
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
