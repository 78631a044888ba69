import type { LayerCache } from '../../../lib/index.js';
import { type Burst, now } from './records.js';
import { pause } from './watched-cache.js';

/** What became of one key's callers in one process. */
export interface BurstResult {
  readonly key: string;
  /** When they called. */
  readonly at: number;
  /** When the first and the last of them were answered. */
  readonly first: number;
  readonly last: number;
  readonly answers: readonly string[];
  readonly loads: readonly { readonly id: string; readonly began: number; readonly ended: number | undefined }[];
}

/** Many callers of one key at one moment. */
export class Crowd {
  readonly #cache: LayerCache;
  readonly #name: string;
  readonly #told: (load: { key: string; began: number }) => void;
  #loads = 0;

  constructor(cache: LayerCache, name: string, told: (load: { key: string; began: number }) => void) {
    this.#cache = cache;
    this.#name = name;
    this.#told = told;
  }

  run(burst: Burst): Promise<BurstResult[]> {
    return Promise.all(burst.keys.map((key, index) => this.#key(key, burst.at + index * burst.every, burst)));
  }

  async #key(key: string, due: number, burst: Burst): Promise<BurstResult> {
    await pause(Math.max(0, due - now()));
    const loads: { id: string; began: number; ended: number | undefined }[] = [];
    const load = async (): Promise<string> => {
      const one = { id: `${this.#name}/${++this.#loads}`, began: now(), ended: undefined as number | undefined };
      loads.push(one);
      this.#told({ key, began: one.began });
      await pause(burst.loadMs);
      one.ended = now();
      if (burst.loadFails) throw new Error(`no row ${one.id}`);
      return one.id;
    };
    const answers = new Set<string>();
    const at = now();
    let first = Infinity;
    const ask = async (): Promise<void> => {
      do {
        const answer = await this.#cache.getOrSet(key, load).catch((error: unknown) => String(error));
        if (first === Infinity) first = now();
        answers.add(answer);
      } while (now() - at < burst.forMs);
    };
    await Promise.all(Array.from({ length: burst.callers }, ask));
    return { key, at, first, last: now(), answers: [...answers], loads };
  }
}
