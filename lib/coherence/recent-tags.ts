import type { Entry } from '../core/entry.js';
import { fingerprintOf } from './fingerprint.js';

/** A power of two: more than an entry that is read at all is likely to have missed. */
const REMEMBERED = 256;

/** The fingerprints of the last tag invalidations: answers nearly every question about them without a look at a tag. */
export class RecentTags {
  readonly #positions = new Float64Array(REMEMBERED);
  readonly #lows = new Int32Array(REMEMBERED);
  readonly #highs = new Int32Array(REMEMBERED);
  #recorded = 0;

  record(tag: string, position: number): void {
    const slot = this.#recorded++ & (REMEMBERED - 1);
    const { low, high } = fingerprintOf([tag]);
    this.#positions[slot] = position;
    this.#lows[slot] = low;
    this.#highs[slot] = high;
  }

  /** Whether none of the entry's tags was invalidated after its position; false also when it cannot be told from here. */
  spares(entry: Entry): boolean {
    const { position, tagBitsLow, tagBitsHigh } = entry;
    // Without tags nothing can cover it; without a fingerprint, which memory gives to what it takes in, nothing can be told.
    if (tagBitsLow === 0) return entry.tags.length === 0;
    const lows = this.#lows;
    const positions = this.#positions;
    const oldest = Math.max(0, this.#recorded - REMEMBERED);
    for (let index = this.#recorded - 1; index >= oldest; index--) {
      const slot = index & (REMEMBERED - 1);
      if ((positions[slot] as number) <= position) return true;
      const low = lows[slot] as number;
      if ((tagBitsLow & low) === low) {
        const high = this.#highs[slot] as number;
        if ((tagBitsHigh & high) === high) return false;
      }
    }
    return oldest === 0;
  }
}
