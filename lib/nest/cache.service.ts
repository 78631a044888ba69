import type { CallOptions } from '../policy/options.js';
import type { CacheStats } from '../observe/reporter.js';
import type { LayerCache } from '../engine/engine.js';
import type { Loader } from '../engine/load-context.js';
import type { Lookup } from '../engine/lookup.js';
import type { AsyncMethod, Class } from './decorator-types.js';
import type { CallSites } from './call-sites.js';

/** The names of a class's methods that can be cached. */
export type CacheableMethod<T> = {
  [Name in keyof T]: T[Name] extends AsyncMethod ? Name : never;
}[keyof T] &
  string;

/** The arguments of a method. */
export type ArgumentsOf<T, Name extends keyof T> = T[Name] extends (...args: infer Args) => unknown ? Args : never;

/** One cache, for work by hand. By its class it is the one named `'default'`; others come by `@InjectCache(name)`. */
export class CacheService {
  readonly #engine: LayerCache;
  readonly #sites: CallSites;

  /** @internal */
  constructor(engine: LayerCache, sites: CallSites) {
    this.#engine = engine;
    this.#sites = sites;
  }

  /**
   * The value under `key`, or undefined. Sees fresh values and, within `staleWhileRevalidate`, stale ones; loads nothing.
   * @typeParam T What is cached under the key.
   */
  get<T>(key: string): Promise<T | undefined> {
    return this.#engine.get<T>(key);
  }

  /**
   * As `get`, but tells a stored undefined from nothing, and how the value stands.
   * @typeParam T What is cached under the key.
   */
  lookup<T>(key: string): Promise<Lookup<T>> {
    return this.#engine.lookup<T>(key);
  }

  /**
   * The value under `key`; loads and stores it if there is none that may be served. However many ask, one load runs.
   * @typeParam T What is cached under the key.
   * @typeParam Old What the load is shown as the old value; `T`, if that is given.
   */
  getOrSet<T, Old = T>(key: string, load: Loader<T, Old>, options?: CallOptions): Promise<T> {
    return this.#engine.getOrSet(key, load, options);
  }

  /**
   * Stores a value. What was loaded for the key before, or is being loaded, is over.
   * @typeParam T What is cached under the key.
   */
  set<T>(key: string, value: T, options?: CallOptions): Promise<void> {
    return this.#engine.set(key, value, options);
  }

  /** Whether `get` would find a value, be it a remembered null. */
  has(key: string): Promise<boolean> {
    return this.#engine.has(key);
  }

  /** Removes values by key. A load of them that is under way is not stored. */
  delete(...keys: string[]): Promise<void> {
    return this.#engine.delete(...keys);
  }

  /** Removes everything, in every context. */
  clear(): Promise<void> {
    return this.#engine.clear();
  }

  /** Ends every value of this cache that carries one of the tags. */
  invalidateTags(...tags: string[]): Promise<void> {
    return this.#engine.invalidateTags(...tags);
  }

  /**
   * The key of a call of a `@Cached` method, for `get`, `lookup` and `delete` of the cache that the method uses.
   * @typeParam C The class, as Nest makes instances of it.
   * @typeParam Name The method.
   */
  keyOf<C extends Class, Name extends CacheableMethod<InstanceType<C>>>(
    type: C,
    method: Name,
    args: ArgumentsOf<InstanceType<C>, Name>,
  ): string {
    return this.#sites.keyOf(type, method, args).key;
  }

  /**
   * Removes what is cached of one call of a `@Cached` method, from the cache that the method uses.
   * @typeParam C The class, as Nest makes instances of it.
   * @typeParam Name The method.
   */
  async evict<C extends Class, Name extends CacheableMethod<InstanceType<C>>>(
    type: C,
    method: Name,
    args: ArgumentsOf<InstanceType<C>, Name>,
  ): Promise<void> {
    const { key, engine } = this.#sites.keyOf(type, method, args);
    await engine.delete(key);
  }

  /**
   * The same function, but answering from the cache; its key is `name` and the arguments. Keeps `this`.
   * @typeParam Fn The type of the function, which stays what it is.
   */
  wrap<Fn extends (...args: never[]) => Promise<unknown>>(name: string, fn: Fn, options?: CallOptions): Fn {
    return this.#engine.wrap(name, fn, options);
  }

  /** What this cache has done since it was made. */
  stats(): CacheStats {
    return this.#engine.stats();
  }
}
