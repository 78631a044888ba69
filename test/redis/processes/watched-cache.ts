import { AsyncLocalStorage } from 'node:async_hooks';
import type { CacheObserver, LayerCache, LayerCacheOptions, LoadContext } from '../../../lib/index.js';
import { createLayerCache } from '../../../lib/engine/create-layer-cache.js';
import { lateTags, optionsOf } from './catalogue.js';
import type { Channel } from './channel.js';
import { type AnsweredBy, now, type Value } from './records.js';

/** Pauses of workers, who are no tests. */
export function pause(ms: number): Promise<void> {
  return new Promise((go) => setTimeout(go, ms));
}

interface Open {
  answered: string | undefined;
}

/** After a refresh began, a call may join it for so long, unless it was seen to end. */
const REFRESH_MS = 5_000;

/** A cache of which everything is written down: who called what, and who answered. */
export class WatchedCache {
  readonly cache: LayerCache;
  readonly #channel: Channel;
  readonly #context = new AsyncLocalStorage<Open>();
  /** Calls under way by key. */
  readonly #open = new Map<string, number>();
  readonly #refreshes = new Map<string, number>();
  #ballast = '';
  /** By how much whoever reads next came late. */
  late = 0;

  constructor(options: LayerCacheOptions, channel: Channel) {
    this.#channel = channel;
    this.cache = createLayerCache({ ...options, observers: [this.#observer()] }, { warn: () => undefined });
  }

  set ballast(length: number) {
    this.#ballast = 'x'.repeat(length);
  }

  /** What is under way, in words. */
  get open(): readonly string[] {
    return [...this.#open].filter(([, count]) => count > 0).map(([key, count]) => `${count} of ${key}`);
  }

  read(key: string): Promise<void> {
    return this.#read(key, () =>
      this.cache.getOrSet<Value>(key, (context) => this.#load(key, context), optionsOf(key)),
    );
  }

  get(key: string): Promise<void> {
    return this.#read(key, () => this.cache.get<Value>(key));
  }

  delete(key: string): Promise<void> {
    return this.#invalidate('key', key, () => this.cache.delete(key));
  }

  invalidateTag(tag: string): Promise<void> {
    return this.#invalidate('tag', tag, () => this.cache.invalidateTags(tag));
  }

  clear(): Promise<void> {
    return this.#invalidate('all', '', () => this.cache.clear());
  }

  set(key: string): Promise<void> {
    return this.#invalidate('set', key, ({ row, id }) => {
      const options = optionsOf(key);
      const value: Value = { key, row, id, ballast: this.#ballast };
      return this.cache.set(key, value, { ...options, tags: [...(options.tags ?? []), ...lateTags(key, row)] });
    });
  }

  async #read(key: string, call: () => Promise<Value | undefined>): Promise<void> {
    const open: Open = { answered: undefined };
    const { late } = this;
    const by = this.#channel.name;
    const mayJoin = (this.#open.get(key) ?? 0) > 0 || now() - (this.#refreshes.get(key) ?? -Infinity) < REFRESH_MS;
    this.#enter(key, 1);
    const at = now();
    try {
      const answer = await this.#context.run(open, call);
      const how: AnsweredBy = open.answered === 'memory' ? 'memory' : mayJoin ? 'joined' : 'own';
      const value = answer && { key: answer.key, row: answer.row, id: answer.id };
      this.#channel.note({ kind: 'read', by, key, at, end: now(), value, how, late });
    } catch (error) {
      this.#channel.note({ kind: 'read', by, key, at, end: now(), error: String(error), how: 'own' });
    } finally {
      this.#enter(key, -1);
    }
  }

  async #load(key: string, context: LoadContext<Value>): Promise<Value> {
    const began = now();
    const by = this.#channel.name;
    const { row, id, fails, ms } = await this.#channel.ask({ what: 'load', key, began });
    if (ms > 0) await pause(ms);
    this.#channel.note({ kind: 'load', by, key, row, id, began, ended: now() });
    if (fails) throw new SourceFailure(id);
    context.adapt({ tags: lateTags(key, row) });
    return { key, row, id, ballast: this.#ballast };
  }

  async #invalidate(
    scope: 'key' | 'tag' | 'all' | 'set',
    name: string,
    call: (written: { row: number; id: string }) => Promise<void>,
  ): Promise<void> {
    const { row, id } = await this.#channel.ask({ what: 'write', scope, name });
    const record = { kind: 'invalidation', by: this.#channel.name, scope, name, called: now(), row, id } as const;
    const what = `${scope} ${name}`;
    this.#enter(what, 1);
    this.#channel.note(record);
    try {
      await call({ row, id });
      this.#channel.note({ ...record, over: now() });
    } catch (error) {
      this.#channel.note({ ...record, over: now(), error: String(error) });
    } finally {
      this.#enter(what, -1);
    }
  }

  #enter(what: string, by: 1 | -1): void {
    this.#open.set(what, (this.#open.get(what) ?? 0) + by);
  }

  #observer(): CacheObserver {
    const answered = (tier: string): void => {
      const open = this.#context.getStore();
      if (open !== undefined) open.answered = tier;
    };
    return {
      hit: (_cache, _key, tier) => answered(tier),
      staleHit: (_cache, _key, tier) => answered(tier),
      miss: () => answered('none'),
      refresh: (_cache, key) => this.#refreshes.set(key, now()),
      load: (_cache, key) => this.#refreshes.delete(key),
      error: (_cache, during, error) => this.#channel.event('error', `${during}: ${String(error)}`),
    };
  }
}

/** The source fails, and says so to whoever asked. */
export class SourceFailure extends Error {
  override readonly name = 'SourceFailure';
}
