import type { Clock } from '../core/clock.js';
import { LayerCacheConfigError, LayerCacheKeyError } from '../core/errors.js';
import { isThenable } from '../core/thenable.js';
import type { Ledger } from '../coherence/ledger.js';
import type { Trust } from '../coherence/trust.js';
import type { CacheStats, Reporter } from '../observe/reporter.js';
import { keyOfCall } from '../policy/key.js';
import type { CachePolicyOptions, CallOptions } from '../policy/options.js';
import type { NearTier } from '../tiers/near-tier.js';
import { answerOf } from './answer.js';
import { BoundRead } from './bound-read.js';
import type { Bypass } from './bypass.js';
import type { CallPolicy } from './call-policy.js';
import { DirectCall } from './direct-call.js';
import type { Drain } from './drain.js';
import type { Invalidate } from './invalidate.js';
import type { Joining } from './joining.js';
import { type KeyScope, NoKey } from './key-scope.js';
import type { Loader } from './load-context.js';
import { type Lookup, lookupOf } from './lookup.js';
import type { Peek } from './peek.js';
import type { Put } from './put.js';
import type { ReadThrough } from './read-through.js';
import type { Shortcuts } from './shortcuts.js';
import { WrappedCall } from './wrapped-call.js';

/** What an engine is made of. */
export interface EngineParts {
  readonly enabled: boolean;
  readonly clock: Clock;
  readonly near: NearTier;
  readonly ledger: Ledger;
  readonly trust: Pick<Trust, 'until'>;
  readonly peek: Peek;
  readonly put: Put;
  readonly callPolicy: CallPolicy;
  readonly readThrough: ReadThrough;
  readonly bypass: Bypass;
  readonly shortcuts: Shortcuts;
  readonly invalidate: Invalidate;
  readonly scope: KeyScope | undefined;
  readonly reporter: Reporter;
  /** Undefined where there is nothing to be joined. */
  readonly joining: Joining | undefined;
  readonly drain: Drain;
}

const DISABLED = new NoKey('disabled');

/** A cache: its verbs. Made by `createLayerCache`. */
export class LayerCache {
  readonly #clock: Clock;
  readonly #near: NearTier;
  readonly #ledger: Ledger;
  readonly #trust: Pick<Trust, 'until'>;
  readonly #reporter: Reporter;
  readonly #parts: EngineParts;
  /** Whether a key has to be worked on before it is looked up: nearly never. */
  readonly #keysAreScoped: boolean;

  /** @internal */
  constructor(parts: EngineParts) {
    this.#parts = parts;
    this.#clock = parts.clock;
    this.#near = parts.near;
    this.#ledger = parts.ledger;
    this.#trust = parts.trust;
    this.#reporter = parts.reporter;
    this.#keysAreScoped = parts.scope !== undefined || !parts.enabled;
  }

  /**
   * The value under `key`, or undefined. Sees fresh values and, within `staleWhileRevalidate`, stale ones; loads nothing.
   * A remembered error is no value: only `getOrSet` meets it.
   */
  get<T>(key: string): Promise<T | undefined> {
    const scoped = this.#keysAreScoped ? this.#scoped(key) : key;
    if (scoped instanceof NoKey) return Promise.resolve(undefined);
    const now = this.#clock.now();
    const entry = this.#near.get(scoped);
    if (entry !== undefined && now < entry.quietUntil && this.#ledger.admits(entry) && now < this.#trust.until) {
      this.#reporter.hit(scoped);
      return entry.answer() as Promise<T>;
    }
    return this.#settled(async () => {
      refuseBadKey(key);
      const found = await this.#parts.peek.read(scoped);
      return found && (answerOf(found.entry) as T);
    });
  }

  /** As `get`, but tells a stored undefined from nothing, and how the value stands. */
  lookup<T>(key: string): Promise<Lookup<T>> {
    return this.#settled(async () => {
      refuseBadKey(key);
      const scoped = this.#scoped(key);
      const found = scoped instanceof NoKey ? undefined : await this.#parts.peek.read(scoped);
      return found === undefined ? { found: false } : lookupOf<T>(found, this.#clock.now());
    });
  }

  /** Whether `get` would find a value, be it a remembered null. Counts as no read. */
  has(key: string): Promise<boolean> {
    return this.#settled(async () => {
      refuseBadKey(key);
      const scoped = this.#scoped(key);
      return !(scoped instanceof NoKey) && (await this.#parts.peek.at(scoped)) !== undefined;
    });
  }

  /** The value under `key`; loads and stores it if there is none that may be served. However many ask, one load runs. */
  getOrSet<T, Old = T>(key: string, load: Loader<T, Old>, options?: CallOptions): Promise<T> {
    const scoped = this.#keysAreScoped ? this.#scoped(key) : key;
    const now = this.#clock.now();
    // What is no key is not found either, and is dealt with where there is time for it.
    const entry = this.#near.get(scoped as string);
    if (
      entry !== undefined &&
      now < entry.quietUntil &&
      this.#ledger.admits(entry) &&
      now < this.#trust.until &&
      (options === undefined || isAnsweredByAHit(options))
    ) {
      this.#reporter.hit(entry.key);
      return entry.answer() as Promise<T>;
    }
    return this.#readThrough(key, scoped, load, options);
  }

  /** Stores a value. What was loaded for the key before, or is being loaded, is over. */
  set<T>(key: string, value: T, options?: CallOptions): Promise<void> {
    return this.#settled(() => {
      refuseBadKey(key);
      refusePromise(value);
      const { enabled, callPolicy, scope, put } = this.#parts;
      const policy = callPolicy.resolve(options);
      if (!enabled) return undefined;
      return put.put(scope === undefined ? key : scope.keyToWrite(key), value, policy);
    });
  }

  /** Removes values by key. A load of them that is under way is not stored. */
  delete(...keys: string[]): Promise<void> {
    return this.#settled(() => {
      keys.forEach(refuseBadKey);
      const { enabled, scope, invalidate } = this.#parts;
      if (!enabled) return Promise.resolve();
      return invalidate.keys(scope === undefined ? keys : keys.map((key) => scope.keyToWrite(key)));
    });
  }

  /** Removes everything, in every context. */
  clear(): Promise<void> {
    return this.#settled(() => this.#parts.invalidate.all());
  }

  /** Ends every value that carries one of the tags, in every context, at a cost that does not depend on how many there are. */
  invalidateTags(...tags: string[]): Promise<void> {
    return this.#settled(() => this.#parts.invalidate.tags(tags));
  }

  /**
   * The same function, but answering from the cache; its key is `name` and the arguments. Keeps `this`.
   * @typeParam Fn The type of the function, which stays what it is.
   */
  wrap<Fn extends (...args: never[]) => Promise<unknown>>(name: string, fn: Fn, options?: CallOptions): Fn {
    if (typeof name !== 'string' || name === '' || name.includes('(')) {
      throw new LayerCacheConfigError({ option: 'name', got: name, takes: "a text that is not empty and has no '('" });
    }
    if (typeof fn !== 'function') throw new LayerCacheConfigError({ option: 'fn', got: fn, takes: 'a function' });
    const reads = this.bind(name, options);
    const { signal, force } = options ?? {};
    const isPlain = signal === undefined && force !== true;
    const read = (self: unknown, args: never[]): Promise<unknown> =>
      this.#settled(() => {
        const load = (): Promise<unknown> => fn.apply(self, args);
        if (!this.#parts.enabled) return this.getOrSet(name, load, options);
        const key = keyOfCall(name, args);
        return isPlain ? reads.read(new WrappedCall(key, args, load, reads.policy)) : this.getOrSet(key, load, options);
      });
    return function wrapped(this: unknown, ...args: never[]): Promise<unknown> {
      const entry = isPlain && args.length === 1 ? reads.hit(args[0]) : undefined;
      return entry === undefined ? read(this, args) : entry.answer();
    } as Fn;
  }

  /**
   * Reads under one name, whose options are decided now and not per call.
   * @internal
   */
  bind(name: string, options?: CachePolicyOptions): BoundRead {
    const { callPolicy, shortcuts } = this.#parts;
    return new BoundRead(callPolicy.resolve(options, name), shortcuts.of(name), this.#parts);
  }

  /**
   * Tells of something that failed and that no caller is told of.
   * @internal
   */
  report(during: string, error: unknown): void {
    this.#reporter.error(during, error);
  }

  /** What this cache has done since it was made. */
  stats(): CacheStats {
    return this.#reporter.stats();
  }

  /** Resolves when the cache has joined the others, or has waited for that long enough: it then goes on trying behind. */
  ready(): Promise<void> {
    return this.#parts.joining?.ready() ?? Promise.resolve();
  }

  /** Waits for what runs behind the callers' backs, and closes what was opened for this cache. */
  async close(): Promise<void> {
    await this.#parts.drain.close();
    await this.leave();
  }

  /**
   * Closes what was opened for this cache, whatever still runs.
   * @internal
   */
  async leave(): Promise<void> {
    await this.#parts.joining?.close();
  }

  #readThrough<T>(
    key: string,
    scoped: string | NoKey,
    load: Loader<T, never>,
    options: CallOptions | undefined,
  ): Promise<T> {
    return this.#settled(() => {
      refuseBadKey(key);
      if (typeof load !== 'function') {
        throw new LayerCacheConfigError({
          option: 'load',
          got: load,
          takes: 'a function that returns the value or a promise of it',
        });
      }
      const { callPolicy, bypass, readThrough } = this.#parts;
      const given = { name: key, load: load as Loader<unknown>, options, callPolicy, since: this.#ledger.position };
      if (!(scoped instanceof NoKey)) return readThrough.read(new DirectCall(scoped, given)) as Promise<T>;
      const policy = callPolicy.resolve(options);
      const { reason } = scoped;
      return bypass.run({ key, reason, load: given.load, policy, signal: options?.signal }) as T | Promise<T>;
    });
  }

  /** A bad key is left as it is: it will not be found, and be refused where that is reported. */
  #scoped(key: string): string | NoKey {
    const { enabled, scope } = this.#parts;
    if (typeof key !== 'string' || key === '') return key;
    if (!enabled) return DISABLED;
    return scope === undefined ? key : scope.keyFor(key);
  }

  /** Every verb answers with a promise: what is thrown on the way rejects it. */
  #settled<T>(work: () => T | Promise<T>): Promise<T> {
    try {
      return Promise.resolve(work());
    } catch (error) {
      return Promise.reject(error as Error);
    }
  }
}

function isAnsweredByAHit(options: CallOptions | null): boolean {
  return options?.force !== true && options?.signal?.aborted !== true;
}

/** Stored, it would be awaited by every reader anew: a query builder would run at each. */
function refusePromise(value: unknown): void {
  if (!isThenable(value)) return;
  throw new LayerCacheConfigError({
    option: 'value',
    got: value,
    takes: 'a value: await the promise first, or use getOrSet',
  });
}

function refuseBadKey(key: unknown): void {
  if (typeof key === 'string' && key !== '') return;
  throw new LayerCacheKeyError(
    key === '' ? 'the key is empty.' : `the key is of type ${typeof key}; a key is a text that is not empty.`,
  );
}
