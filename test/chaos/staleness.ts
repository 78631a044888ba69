import type { Lag } from '../redis/processes/verdict.js';

/** Upper ends of the buckets, in milliseconds. */
const ENDS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000] as const;
/** Each step of the fine count is wider than the last by so much: quantiles are right to one part in a hundred. */
const WIDTH = 1.01;
const LEAST = 0.001;

export interface Bucket {
  /** Infinity for the last. */
  readonly upTo: number;
  readonly count: number;
}

/** How often something took how long, in memory that does not grow with it. */
export class Histogram {
  readonly #fine = new Map<number, number>();
  readonly #coarse: number[] = Array.from({ length: ENDS.length + 1 }, () => 0);
  count = 0;
  max = 0;

  add(ms: number): void {
    const step = Math.max(0, Math.ceil(Math.log(Math.max(ms, LEAST) / LEAST) / Math.log(WIDTH) - 1e-9));
    this.#fine.set(step, (this.#fine.get(step) ?? 0) + 1);
    const bucket = ENDS.findIndex((end) => ms <= end);
    const at = bucket < 0 ? ENDS.length : bucket;
    this.#coarse[at] = (this.#coarse[at] ?? 0) + 1;
    this.count++;
    this.max = Math.max(this.max, ms);
  }

  /** What so large a share of all was at the most. */
  quantile(share: number): number {
    let left = Math.ceil(share * this.count);
    for (const [step, count] of [...this.#fine].sort(([a], [b]) => a - b)) {
      left -= count;
      if (left <= 0) return Math.min(this.max, LEAST * WIDTH ** step);
    }
    return 0;
  }

  get buckets(): readonly Bucket[] {
    return this.#coarse.map((count, index) => ({ upTo: ENDS[index] ?? Number.POSITIVE_INFINITY, count }));
  }
}

/** How stale reads were, by what went on meanwhile. */
export class Staleness {
  readonly calm = new Histogram();
  /** The same, without that by which whoever read came late. */
  readonly onTime = new Histogram();
  readonly fault = new Histogram();
  readonly cut = new Histogram();

  add(lags: readonly Lag[]): void {
    for (const { ms, during, late } of lags) {
      this[during].add(ms);
      if (during === 'calm') this.onTime.add(ms - late);
    }
  }
}
