import { LRUCache } from 'lru-cache';
import type { Entry } from '../core/entry.js';
import type { EvictionCause } from '../core/observer.js';
import type { NearTier, OnEvict } from './near-tier.js';
import { weighEntry } from './weigh.js';

/** How much a memory tier may hold. At least one of the two is given. */
export interface MemoryBounds {
  readonly max: number | undefined;
  readonly maxBytes: number | undefined;
}

/** The near tier on lru-cache, bounded by count, by bytes, or by both. */
export class MemoryTier implements NearTier {
  readonly name = 'memory';
  #lru: LRUCache<string, Entry>;
  readonly #bounds: MemoryBounds;
  readonly #onEvict: OnEvict | undefined;
  /** Every entry once, in no order, so that `each` can be left and taken up again. */
  #seats: Entry[] = [];
  /** What the `set` under way pushed out. Told after it, not during: an observer may call the cache again. */
  #pushedOut: { readonly entry: Entry; readonly cause: EvictionCause }[] = [];
  /** Whether the `set` under way needs one place more than there are: the first to leave then leaves for that. */
  #oneTooMany = false;
  /** Counts insertions; in a small tier, which keeps the exact order of use, also the uses told to lru-cache. */
  #turn = 0;

  constructor(bounds: MemoryBounds, onEvict?: OnEvict) {
    this.#bounds = bounds;
    this.#onEvict = onEvict;
    this.#lru = this.#newList();
  }

  get entries(): number {
    return this.#lru.size;
  }

  get bytes(): number | undefined {
    return this.#bounds.maxBytes === undefined ? undefined : this.#lru.calculatedSize;
  }

  get(key: string): Entry | undefined {
    const entry = this.#lru.peek(key);
    if (entry !== undefined && this.#turn - entry.touched > slackOf(this.#lru.size)) this.#touch(entry);
    return entry;
  }

  use(entry: Entry): boolean {
    if (this.#seats[entry.seat] !== entry) return false;
    if (this.#turn - entry.touched > slackOf(this.#lru.size)) this.#touch(entry);
    return true;
  }

  set(entry: Entry): void {
    const before = this.#lru.peek(entry.key);
    if (before === entry) return this.#touch(entry);
    entry.touched = ++this.#turn;
    entry.seat = this.#seats.push(entry) - 1;
    this.#oneTooMany = before === undefined && this.#lru.size === this.#bounds.max;
    this.#lru.set(entry.key, entry);
    // lru-cache refuses what is larger than the whole tier, and has then dropped what was there before.
    if (this.#lru.peek(entry.key) !== entry) {
      this.#unseat(entry);
      this.#onEvict?.(entry, 'too-large');
    }
    if (this.#pushedOut.length > 0) this.#tellPushedOut();
  }

  delete(key: string): void {
    this.#lru.delete(key);
  }

  /** A new list rather than an emptied one, which would part from each entry in turn. */
  clear(): void {
    if (this.#lru.size === 0) return;
    this.#lru = this.#newList();
    this.#seats = [];
  }

  *each(): IterableIterator<Entry> {
    // Downwards: the last entry takes the seat of one that leaves, so what moves is behind us and what is new as well.
    for (let seat = this.#seats.length - 1; seat >= 0; seat--) {
      const entry = this.#seats[seat];
      if (entry === undefined) seat = Math.min(seat, this.#seats.length);
      else yield entry;
    }
  }

  /**
   * Recency is told to lru-cache at most once per `slack` insertions, so that in a tier which only answers hits no list
   * is rearranged at all. What is evicted may have been used since, but then every other entry was used as lately.
   */
  #touch(entry: Entry): void {
    if (slackOf(this.#lru.size) === 0) this.#turn++;
    entry.touched = this.#turn;
    this.#lru.get(entry.key);
  }

  /** No ttl: the entry alone knows its age, and lru-cache's own would bring timers and a second clock. */
  #newList(): LRUCache<string, Entry> {
    const { max = 0, maxBytes } = this.#bounds;
    const byBytes = maxBytes === undefined ? {} : { maxSize: maxBytes, sizeCalculation: weighEntry };
    return new LRUCache<string, Entry>({
      max,
      ...byBytes,
      dispose: (entry, _key, reason) => this.#left(entry, reason),
    });
  }

  #left(entry: Entry, reason: LRUCache.DisposeReason): void {
    this.#unseat(entry);
    if (reason !== 'evict' || this.#onEvict === undefined) return;
    this.#pushedOut.push({ entry, cause: this.#oneTooMany ? 'count' : 'bytes' });
    this.#oneTooMany = false;
  }

  #tellPushedOut(): void {
    const told = this.#pushedOut;
    this.#pushedOut = [];
    for (const { entry, cause } of told) this.#onEvict?.(entry, cause);
  }

  #unseat(entry: Entry): void {
    const last = this.#seats.pop();
    if (last === undefined || last === entry) return;
    this.#seats[entry.seat] = last;
    last.seat = entry.seat;
  }
}

/** How many insertions the order of use may lag behind: none in a small tier, an eighth of what a large one holds. */
function slackOf(entries: number): number {
  return entries < 64 ? 0 : entries >> 3;
}
