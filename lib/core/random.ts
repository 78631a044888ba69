import { randomFillSync } from 'node:crypto';

/** A number from 0 up to, but not including, 1. */
export type Random = () => number;

const draws = new Uint32Array(256);
let next = draws.length;

/** Randomness that no caller can foresee, drawn from the system 256 numbers at a time. */
export const systemRandom: Random = () => {
  if (next === draws.length) {
    randomFillSync(draws);
    next = 0;
  }
  return (draws[next++] as number) / 2 ** 32;
};
