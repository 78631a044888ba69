import { messageOf } from './errors.js';
import { isThenable } from './thenable.js';

/** Why an old value was served: a refresh runs behind it, the load failed, it was too slow, or too many loads run. */
export type StaleReason = 'revalidating' | 'load-failed' | 'load-slow' | 'too-many-loads';

/**
 * How a load ended: its value was stored; it was not to be, or could not be (`skipped`); an invalidation came during it, or a later
 * load of its key (`overtaken`); it threw (`failed`); it threw what the policy remembers (`negative`); its time ran out
 * (`timeout`); every caller left (`abandoned`).
 */
export type LoadOutcome = 'stored' | 'skipped' | 'overtaken' | 'failed' | 'negative' | 'timeout' | 'abandoned';

/** What an invalidation was aimed at: keys, tags, or everything. */
export type InvalidationScope = 'key' | 'tag' | 'all';

/** Why the memory tier let go of an entry that nobody deleted. */
export type EvictionCause = 'count' | 'bytes' | 'too-large' | 'expired' | 'invalidated';

/** Why a refresh runs: the value is stale, or about to be. */
export type RefreshReason = 'stale' | 'ahead';

/**
 * Why a call went past the cache: it is switched off; `keyContext` gave nothing, or threw; `when` said no; the request
 * carries credentials; a function given to a decorator threw; the result is a stream, which has one reader.
 */
export type BypassReason =
  | 'disabled'
  | 'no-context'
  | 'context-failed'
  | 'when'
  | 'credentials'
  | 'function-failed'
  | 'stream';

/**
 * Hears what a cache does. Pick any of the methods. The first argument is always the cache's name; none ever holds a
 * cached value. A method that throws, or returns a promise that rejects, changes nothing for the caller of the cache.
 */
export interface CacheObserver {
  /** A fresh value was served from `tier`. */
  hit?(cache: string, key: string, tier: string): void;
  /** An old value was served from `tier`. */
  staleHit?(cache: string, key: string, tier: string, reason: StaleReason): void;
  /** A remembered null, undefined or error was served from `tier`. */
  negativeHit?(cache: string, key: string, tier: string): void;
  /** A read found nothing that it may serve. */
  miss?(cache: string, key: string): void;
  /** A load ended, `ms` milliseconds after it began. */
  load?(cache: string, key: string, ms: number, outcome: LoadOutcome): void;
  /** A load was started behind a value that was served. */
  refresh?(cache: string, key: string, reason: RefreshReason): void;
  /** A value was stored by `set`. */
  set?(cache: string, key: string): void;
  /** Keys or tags were invalidated, or everything (`names` is then empty). */
  invalidate?(cache: string, scope: InvalidationScope, names: readonly string[]): void;
  /** An entry left the memory tier although nobody deleted it. */
  evict?(cache: string, key: string, cause: EvictionCause): void;
  /** A call was answered without the cache. */
  bypass?(cache: string, key: string, reason: BypassReason): void;
  /** Something failed that no caller was told of; `during` names it. */
  error?(cache: string, during: string, error: unknown): void;
}

/** The name of an event: a method of `CacheObserver`. */
export type CacheEvent = keyof CacheObserver;

/** Every event. */
export const CACHE_EVENTS = [
  'hit',
  'staleHit',
  'negativeHit',
  'miss',
  'load',
  'refresh',
  'set',
  'invalidate',
  'evict',
  'bypass',
  'error',
] as const satisfies readonly CacheEvent[];

type WithoutCache<F> = F extends (cache: string, ...rest: infer Rest) => void ? (...rest: Rest) => void : never;

/** The observers of one cache as the engine calls them: an event nobody listens to is undefined and costs a comparison. */
export type Events = { readonly [Event in CacheEvent]: WithoutCache<Required<CacheObserver>[Event]> | undefined };

/** Tells whoever runs the process; each text once per cache. */
export type Warn = (message: string) => void;

/** Joins observers into one slot per event. A faulty one is warned about and kept apart from the caller and the others. */
export function composeObservers(cache: string, observers: readonly CacheObserver[], warn: Warn): Events {
  const slots = CACHE_EVENTS.map((event) => {
    const listeners = observers.filter((observer) => typeof observer[event] === 'function');
    return [event, listeners.length === 0 ? undefined : announcer(cache, event, listeners, warn)];
  });
  return Object.freeze(Object.fromEntries(slots)) as Events;
}

function announcer(cache: string, event: CacheEvent, listeners: readonly CacheObserver[], warn: Warn) {
  const complain = (error: unknown): void =>
    warn(`an observer's ${event}() failed; the cache goes on without it: ${messageOf(error)}`);
  return (...args: readonly unknown[]): void => {
    for (const listener of listeners) {
      try {
        const method = listener[event] as (...all: readonly unknown[]) => unknown;
        const returned = method.call(listener, cache, ...args);
        if (isThenable(returned)) returned.then(undefined, complain);
      } catch (error) {
        complain(error);
      }
    }
  };
}
