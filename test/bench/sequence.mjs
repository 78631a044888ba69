/**
 * Indexes below `count` by Zipf's law with exponent 1: the second most popular is asked for half as often as the most
 * popular, the third a third as often. Popularity is dealt out at random, so that popular keys are not neighbours in memory.
 */
export function zipfSequence(count, length) {
  const random = seededRandom(20_240_229);
  const byRank = shuffled(count, random);
  const sums = cumulativeWeights(count);
  const total = sums[count - 1];
  return Array.from({ length }, () => byRank[firstAbove(sums, random() * total)]);
}

function cumulativeWeights(count) {
  const sums = new Float64Array(count);
  let sum = 0;
  for (let rank = 0; rank < count; rank++) sums[rank] = sum += 1 / (rank + 1);
  return sums;
}

function firstAbove(sums, target) {
  let low = 0;
  let high = sums.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sums[middle] > target) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Fisher and Yates. */
function shuffled(count, random) {
  const indexes = Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [indexes[last], indexes[other]] = [indexes[other], indexes[last]];
  }
  return indexes;
}

/** mulberry32: the same numbers in every process. */
function seededRandom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
