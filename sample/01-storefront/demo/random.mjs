/** mulberry32: the same numbers in every run of the same seed. */
export function seededRandom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Fisher and Yates. */
export function shuffled(items, random) {
  const result = [...items];
  for (let last = result.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [result[last], result[other]] = [result[other], result[last]];
  }
  return result;
}

/** Draws the first item most often, the second 2^exponent times more seldom, the third 3^exponent times, and so on. */
export class PowerLaw {
  #items;
  #random;
  #sums;

  constructor(items, random, exponent = 1) {
    if (items.length === 0) throw new Error('Nothing to draw from.');
    this.#items = items;
    this.#random = random;
    this.#sums = new Float64Array(items.length);
    let sum = 0;
    for (let rank = 0; rank < items.length; rank++) this.#sums[rank] = sum += (rank + 1) ** -exponent;
  }

  draw() {
    const target = this.#random() * this.#sums.at(-1);
    let low = 0;
    let high = this.#sums.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#sums[middle] > target) high = middle;
      else low = middle + 1;
    }
    return this.#items[low];
  }
}
