/** The value that so great a share of the sorted values does not exceed (nearest rank); NaN of none. */
export function quantile(sorted, share) {
  if (sorted.length === 0) return Number.NaN;
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}

/** Every latency in the order of arrival, so that the percentiles of any stretch are exact. */
export class Latencies {
  #values = new Float64Array(1 << 16);
  #count = 0;

  get count() {
    return this.#count;
  }

  add(milliseconds) {
    if (this.#count === this.#values.length) this.#grow();
    this.#values[this.#count++] = milliseconds;
  }

  /** Of those that arrived as the `from`th until before the `to`th. */
  between(from, to) {
    const sorted = this.#values.slice(from, to).sort();
    return { median: quantile(sorted, 0.5), p99: quantile(sorted, 0.99) };
  }

  #grow() {
    const larger = new Float64Array(this.#values.length * 2);
    larger.set(this.#values);
    this.#values = larger;
  }
}
