import { LoadTimeoutError } from '../../lib/core/errors.js';
import type { CallOptions, LoadContext } from '../../lib/index.js';
import type { CacheOptions, CacheParts, CacheUnderTest, MakeCache } from './cache-under-test.js';

export type Load<T> = (context: LoadContext<T>) => T | Promise<T>;

/** Keeps nothing: every call loads. Nothing can be wrong with it, but that it keeps nothing. */
export class NoCache implements CacheUnderTest {
  protected readonly clock: CacheParts['clock'];
  readonly #timeout: number;

  constructor({ timeout }: CacheOptions, { clock }: CacheParts) {
    this.clock = clock;
    this.#timeout = Number(timeout);
  }

  get<T>(_key: string): Promise<T | undefined> {
    return Promise.resolve(undefined);
  }

  getOrSet<T>(key: string, load: Load<T>, options?: CallOptions): Promise<T> {
    const { signal } = options ?? {};
    const giving = new AbortController();
    const context = { key, signal: giving.signal, adapt: () => undefined, skip: () => undefined };
    return new Promise((resolve, reject) => {
      const giveUp = (reason: unknown): void => {
        reject(reason as Error);
        giving.abort(reason);
        stop();
      };
      const stop = this.clock.after(this.#timeout, () => giveUp(new LoadTimeoutError('too slow', this.#timeout)));
      signal?.addEventListener('abort', () => giveUp(signal.reason));
      const loading = new Promise<T>((loaded) => loaded(load(context)));
      loading.then(resolve, reject);
      loading.then(stop, stop);
    });
  }

  set<T>(_key: string, _value: T, _options?: CallOptions): Promise<void> {
    return Promise.resolve();
  }

  delete(..._keys: string[]): Promise<void> {
    return Promise.resolve();
  }

  invalidateTags(..._tags: string[]): Promise<void> {
    return Promise.resolve();
  }

  clear(): Promise<void> {
    return Promise.resolve();
  }

  ready(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

interface Kept {
  readonly value: unknown;
  readonly tags: readonly string[];
  readonly until: number;
}

/** Keeps values in memory and tells nobody: right for one process, wrong for two. */
class DeafCache extends NoCache {
  readonly #kept = new Map<string, Kept>();
  /** Changes with each invalidation: what began before one is not kept. */
  #generation = 0;

  override getOrSet<T>(key: string, load: Load<T>, options?: CallOptions): Promise<T> {
    const kept = this.#kept.get(key);
    if (options?.force !== true && kept !== undefined && this.clock.now() < kept.until) {
      return Promise.resolve(kept.value as T);
    }
    const generation = this.#generation;
    const tags = [...(options?.tags ?? [])];
    const keep = async (context: LoadContext<T>): Promise<T> => {
      const value = await load({ ...context, adapt: (more) => void tags.push(...(more.tags ?? [])) });
      if (generation === this.#generation && value !== null) this.#keep(key, value, { ...options, tags });
      return value;
    };
    return super.getOrSet(key, keep, options);
  }

  override set<T>(key: string, value: T, options?: CallOptions): Promise<void> {
    this.#generation++;
    this.#keep(key, value, options);
    return Promise.resolve();
  }

  override delete(...keys: string[]): Promise<void> {
    this.#generation++;
    for (const key of keys) this.#kept.delete(key);
    return Promise.resolve();
  }

  override invalidateTags(...tags: string[]): Promise<void> {
    this.#generation++;
    for (const [key, kept] of this.#kept) if (tags.some((tag) => kept.tags.includes(tag))) this.#kept.delete(key);
    return Promise.resolve();
  }

  override clear(): Promise<void> {
    this.#generation++;
    this.#kept.clear();
    return Promise.resolve();
  }

  #keep(key: string, value: unknown, options?: CallOptions): void {
    const ttl = Number.parseFloat(String(options?.ttl ?? '60000'));
    this.#kept.set(key, { value, tags: options?.tags ?? [], until: this.clock.now() + ttl });
  }
}

export const noCache: MakeCache = (options, parts) => new NoCache(options, parts);
export const deafCache: MakeCache = (options, parts) => new DeafCache(options, parts);
