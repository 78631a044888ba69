/** After so many new entries, and at least as many as it holds, it begins anew. */
const LIFE = 1_000;

/**
 * A map of what is under way: much comes, and soon goes. A Map of V8 then makes table after table, each with a reference to the
 * next; once the collector has taken one of them for old, all later ones count as used, with whatever they ever held. Beginning
 * with a new Map now and then breaks that chain.
 */
export class TurnoverMap<K, V> {
  #map = new Map<K, V>();
  #left = LIFE;

  get size(): number {
    return this.#map.size;
  }

  get(key: K): V | undefined {
    return this.#map.get(key);
  }

  set(key: K, value: V): void {
    if (--this.#left < 0) this.#beginAnew();
    this.#map.set(key, value);
  }

  delete(key: K): boolean {
    return this.#map.delete(key);
  }

  clear(): void {
    this.#map.clear();
  }

  /** In the order in which they came. */
  entries(): IterableIterator<[K, V]> {
    return this.#map.entries();
  }

  /** In the order in which they came. */
  values(): IterableIterator<V> {
    return this.#map.values();
  }

  #beginAnew(): void {
    this.#map = new Map(this.#map);
    this.#left = Math.max(LIFE, this.#map.size);
  }
}
