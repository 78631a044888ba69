import type {
  BypassReason,
  EvictionCause,
  Events,
  InvalidationScope,
  LoadOutcome,
  RefreshReason,
  StaleReason,
} from '../core/observer.js';
import type { Entry } from '../core/entry.js';
import type { NearTier } from '../tiers/near-tier.js';

/** What a cache has done since it was made. Every read that `get`, `lookup` or `getOrSet` makes is counted once, under one of the first four. */
export interface CacheStats {
  /** Fresh values served, by tier. */
  hits: Record<string, number>;
  /** Old values served. */
  staleHits: number;
  /** Remembered nulls, undefineds and errors served. */
  negativeHits: number;
  /** Reads that found nothing they could serve. */
  misses: number;
  /** Loads begun. */
  loads: number;
  /** Loads that threw, or whose time ran out. */
  loadErrors: number;
  /** Entries in memory, those whose time is over and that nobody asked for since included. */
  entries: number;
  /** Bytes in memory, by estimate; undefined where `memory.maxBytes` is not set. */
  bytes: number | undefined;
}

/** Counts what happens, and tells it to whoever listens. What nobody listens to costs one comparison. */
export class Reporter {
  readonly #events: Events;
  readonly #near: NearTier;
  /** Beside the others in `#events`, so that a hit looks in one place. */
  readonly #onHit: Events['hit'];
  #nearHits = 0;
  readonly #hitsBeyond = new Map<string, number>();
  #staleHits = 0;
  #negativeHits = 0;
  #misses = 0;
  #loads = 0;
  #loadErrors = 0;

  /** `beyond` names the tiers behind memory. */
  constructor(events: Events, near: NearTier, beyond: readonly string[] = []) {
    this.#events = events;
    this.#near = near;
    for (const tier of beyond) this.#hitsBeyond.set(tier, 0);
    this.#onHit = events.hit;
  }

  /** What memory is called. */
  get nearName(): string {
    return this.#near.name;
  }

  /** Memory had a fresh value. */
  hit(key: string): void {
    this.#nearHits++;
    if (this.#onHit !== undefined) this.#onHit(key, this.#near.name);
  }

  staleHit(key: string, reason: StaleReason, tier: string = this.#near.name): void {
    this.#staleHits++;
    this.#events.staleHit?.(key, tier, reason);
  }

  /** A fresh entry was served, whatever it holds. */
  fresh(entry: Entry, tier: string = this.#near.name): void {
    const { form } = entry.terms;
    if (form === 'negative' || form === 'error') this.#negativeHit(entry.key, tier);
    else if (tier === this.#near.name) this.hit(entry.key);
    else this.#hitBeyond(entry.key, tier);
  }

  miss(key: string): void {
    this.#misses++;
    this.#events.miss?.(key);
  }

  loadBegan(): void {
    this.#loads++;
  }

  loadEnded(key: string, ms: number, outcome: LoadOutcome): void {
    if (outcome === 'failed' || outcome === 'timeout') this.#loadErrors++;
    this.#events.load?.(key, ms, outcome);
  }

  refresh(key: string, reason: RefreshReason): void {
    this.#events.refresh?.(key, reason);
  }

  set(key: string): void {
    this.#events.set?.(key);
  }

  invalidate(scope: InvalidationScope, names: readonly string[]): void {
    this.#events.invalidate?.(scope, names);
  }

  evict(key: string, cause: EvictionCause): void {
    this.#events.evict?.(key, cause);
  }

  bypass(key: string, reason: BypassReason): void {
    this.#events.bypass?.(key, reason);
  }

  error(during: string, error: unknown): void {
    this.#events.error?.(during, error);
  }

  stats(): CacheStats {
    return {
      hits: { [this.#near.name]: this.#nearHits, ...Object.fromEntries(this.#hitsBeyond) },
      staleHits: this.#staleHits,
      negativeHits: this.#negativeHits,
      misses: this.#misses,
      loads: this.#loads,
      loadErrors: this.#loadErrors,
      entries: this.#near.entries,
      bytes: this.#near.bytes,
    };
  }

  #negativeHit(key: string, tier: string): void {
    this.#negativeHits++;
    this.#events.negativeHit?.(key, tier);
  }

  #hitBeyond(key: string, tier: string): void {
    this.#hitsBeyond.set(tier, (this.#hitsBeyond.get(tier) ?? 0) + 1);
    this.#events.hit?.(key, tier);
  }
}
