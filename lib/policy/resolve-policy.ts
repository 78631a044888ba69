import type { Terms } from '../core/entry.js';
import { LayerCacheConfigError, oneLine, show } from '../core/errors.js';
import { DURATION_FORM, parseDuration } from './duration.js';
import { nearestName } from './nearest-name.js';
import type { CachePolicyOptions } from './options.js';

/** The policy of a cache or of a call: every option decided, in milliseconds, and frozen. */
export interface CachePolicy extends Omit<Terms, 'form' | 'slidingTtl'> {
  readonly ttl: number;
  readonly sliding: boolean;
  readonly memoryTtl: number | undefined;
  /** 0: null, undefined and negative errors are not remembered. */
  readonly negativeTtl: number;
  readonly isNegativeError: (error: unknown) => boolean;
  readonly jitter: number;
  readonly timeout: number | undefined;
  readonly softTimeout: number | undefined;
  readonly retryAfter: number;
  readonly singleFlight: 'cluster' | 'process';
  readonly patience: number;
  readonly tags: readonly string[];
}

/** What holds where neither the cache nor the call says otherwise. */
export const DEFAULT_POLICY: CachePolicy = Object.freeze({
  ttl: 60_000,
  memoryTtl: undefined,
  staleWhileRevalidate: 0,
  staleIfError: 0,
  negativeTtl: 5_000,
  isNegativeError: () => false,
  jitter: 0.05,
  refreshAhead: undefined,
  sliding: false,
  timeout: 30_000,
  softTimeout: undefined,
  retryAfter: 2_000,
  singleFlight: 'cluster',
  patience: 5_000,
  tags: Object.freeze([]),
});

const LONGEST = 365 * 86_400_000;

/** Turns what was given for the option of this name into what the policy holds, or throws. */
type Reader = (given: unknown, option: string) => unknown;

const positiveDuration: Reader = (given, option) => {
  const ms = parseDuration(given);
  if (ms === undefined || ms === 0) {
    throw new LayerCacheConfigError({ option, got: given, takes: `a duration above 0: ${DURATION_FORM}` });
  }
  return atMostAYear(ms, given, option);
};

function atMostAYear(ms: number, given: unknown, option: string): number {
  if (ms <= LONGEST) return ms;
  throw new LayerCacheConfigError({ option, got: given, takes: "a duration of at most a year, '365d'" });
}

/** A duration that may be 0, for "not at all". */
export const duration = (given: unknown, option: string): number => {
  const ms = parseDuration(given);
  if (ms === undefined) throw new LayerCacheConfigError({ option, got: given, takes: `a duration: ${DURATION_FORM}` });
  return atMostAYear(ms, given, option);
};

const orFalse =
  (reader: Reader, off: unknown): Reader =>
  (given, option) => {
    if (given === false) return off;
    if (parseDuration(given) === undefined || parseDuration(given) === 0) {
      throw new LayerCacheConfigError({ option, got: given, takes: `false, or a duration above 0: ${DURATION_FORM}` });
    }
    return reader(given, option);
  };

/** A value for which `accepts` says yes. */
export const only =
  (accepts: (given: unknown) => boolean, takes: string): Reader =>
  (given, option) => {
    if (!accepts(given)) throw new LayerCacheConfigError({ option, got: given, takes });
    return given;
  };

const isShare = (given: unknown): boolean => typeof given === 'number' && given >= 0 && given <= 1;
const isInnerShare = (given: unknown): boolean => isShare(given) && given !== 0 && given !== 1;

const tagList: Reader = (given, option) => {
  if (!Array.isArray(given)) throw new LayerCacheConfigError({ option, got: given, takes: 'an array of texts' });
  Array.from(given as unknown[]).forEach((tag, index) => {
    if (typeof tag === 'string' && tag !== '') return;
    throw new LayerCacheConfigError({ option: `${option}[${index}]`, got: tag, takes: 'a text that is not empty' });
  });
  return given;
};

const READERS: Readonly<Record<keyof CachePolicyOptions, Reader>> = {
  ttl: positiveDuration,
  memoryTtl: positiveDuration,
  staleWhileRevalidate: duration,
  staleIfError: duration,
  negativeTtl: orFalse(positiveDuration, 0),
  isNegativeError: only((given) => typeof given === 'function', 'a function from an error to true or false'),
  jitter: only(isShare, 'a share from 0 to 1'),
  refreshAhead: only((given) => given === 'adaptive' || isInnerShare(given), "a share between 0 and 1, or 'adaptive'"),
  sliding: only((given) => typeof given === 'boolean', 'true or false'),
  timeout: orFalse(positiveDuration, undefined),
  softTimeout: positiveDuration,
  retryAfter: duration,
  singleFlight: only((given) => given === 'cluster' || given === 'process', "'cluster' or 'process'"),
  patience: positiveDuration,
  tags: tagList,
};

/** The names of the policy options. */
export const POLICY_OPTION_NAMES = Object.keys(READERS) as readonly (keyof CachePolicyOptions)[];

/** The policy that `options` make of `base`. Tags are added to those of `base`; every other option replaces it. */
export function resolvePolicy(base: CachePolicy, options: CachePolicyOptions | undefined): CachePolicy {
  if (options === undefined) return base;
  const given: Record<string, unknown> = {};
  for (const name of POLICY_OPTION_NAMES) {
    if (options[name] !== undefined) given[name] = READERS[name](options[name], name);
  }
  const policy = { ...base, ...given } as { -readonly [Name in keyof CachePolicy]: CachePolicy[Name] };
  if (options.tags !== undefined) policy.tags = unionOf(base.tags, options.tags);
  if (policy.softTimeout !== undefined && policy.staleIfError === 0) {
    throw new LayerCacheConfigError({
      option: 'softTimeout',
      got: options.softTimeout ?? policy.softTimeout,
      takes: 'effect only where an old value may be served: set staleIfError as well',
    });
  }
  return Object.freeze(policy);
}

/** For a cache with a tier that all processes share: its records say once how long they live. */
export function refuseSliding({ sliding }: CachePolicy): void {
  if (!sliding) return;
  const takes = 'false with redis: in this version only memory can start a ttl anew';
  throw new LayerCacheConfigError({ option: 'sliding', got: true, takes });
}

/** Every entry keeps such a list: a copy by `slice` is no longer than it has to be, which one that grew would be. */
function unionOf(tags: readonly string[], more: readonly string[]): readonly string[] {
  const distinct = new Set([...tags, ...more]);
  return Object.freeze([...distinct].slice());
}

/** Refuses what is no object of options at all: a number that was meant for a ttl, a list, nothing. */
export function refuseNoOptions(given: unknown, option: string): void {
  if (typeof given === 'object' && given !== null && !Array.isArray(given)) return;
  throw new LayerCacheConfigError({ option, got: given, takes: "an object such as { ttl: '5m' }" });
}

/** Refuses names that are no option, with the one that was most likely meant. */
export function refuseUnknownOptions(options: object, known: readonly string[], path = ''): void {
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    const option = `${path}${name}`;
    const got = show((options as Record<string, unknown>)[name]);
    const nearest = nearestName(name, known);
    const hint = nearest === undefined ? `Known: ${known.join(', ')}` : `Did you mean '${path}${nearest}'?`;
    throw new LayerCacheConfigError({
      option,
      problem: `${oneLine(option)}: got ${got}, but there is no such option. ${hint}`,
    });
  }
}

/** What to say about a `ttl` that looks like seconds, or undefined. */
export function suspicionOf(options: CachePolicyOptions): string | undefined {
  const { ttl } = options;
  if (typeof ttl !== 'number' || ttl >= 1_000) return undefined;
  return `ttl: ${ttl} is ${ttl} milliseconds. For seconds write '${ttl}s'; to keep milliseconds and silence this, '${ttl}ms'.`;
}
