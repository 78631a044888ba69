import type { LayerCache } from '../../../lib/index.js';
import { seededRandom } from '../../support/seeded-random.js';
import { now, type Second, type Stream } from './records.js';
import { pause } from './watched-cache.js';

const TICK = 10;
/** How much more often the first keys are read than the last: by a power law of this exponent. */
const SKEW = 0.9;

/** Reads at a steady rate, whatever becomes of them. */
export class SteadyReads {
  readonly seconds: Record<number, Second> = {};
  readonly #cache: LayerCache;
  readonly #stream: Stream;
  readonly #random: () => number;
  readonly #shares: readonly number[];
  readonly #timer: NodeJS.Timeout;
  readonly #since = now();
  #asked = 0;

  constructor(cache: LayerCache, stream: Stream) {
    this.#cache = cache;
    this.#stream = stream;
    this.#random = seededRandom(stream.seed);
    this.#shares = sharesOf(stream.keys);
    this.#timer = setInterval(() => this.#catchUp(), TICK);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #catchUp(): void {
    const due = ((now() - this.#since) * this.#stream.perSecond) / 1_000;
    for (; this.#asked < due; this.#asked++) void this.#read(`row-${this.#pick()}`);
  }

  async #read(key: string): Promise<void> {
    const at = now();
    const second = this.#second(at);
    second.reads++;
    try {
      await this.#cache.getOrSet(key, async () => {
        this.#second(now()).loads++;
        await pause(this.#stream.loadMs);
        return key;
      });
    } catch {
      second.failures++;
    }
    second.slowest = Math.max(second.slowest, now() - at);
  }

  #second(at: number): Second {
    const second = Math.floor(at / 1_000);
    this.seconds[second] ??= { reads: 0, loads: 0, failures: 0, slowest: 0 };
    return this.seconds[second];
  }

  #pick(): number {
    const share = this.#random();
    let low = 0;
    let high = this.#shares.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#shares[middle] as number) < share) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** By key, the share of reads that go to it or to one before it. */
function sharesOf(keys: number): readonly number[] {
  const weights = Array.from({ length: keys }, (_, index) => (index + 1) ** -SKEW);
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  let sum = 0;
  return weights.map((weight) => (sum += weight) / all);
}
