const STEPS = [1, 2, 2.5, 5, 10];
const TICKS = 4;

/** From nothing to a round number above the highest value, as a share of the height. */
export function linearScale(values) {
  const highest = Math.max(...values.filter(Number.isFinite), Number.MIN_VALUE);
  const rough = highest / TICKS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = STEPS.find((candidate) => candidate * power >= rough) * power;
  const top = Math.ceil(highest / step) * step;
  const ticks = Array.from({ length: Math.round(top / step) + 1 }, (_, index) => index * step);
  return { ticks, shareOf: (value) => value / top };
}

/** Whole powers of ten around the values, as a share of the height. */
export function logarithmicScale(values) {
  const positive = values.filter((value) => Number.isFinite(value) && value > 0);
  const low = positive.length === 0 ? 0 : Math.floor(Math.log10(Math.min(...positive)));
  const high = Math.max(low + 1, positive.length === 0 ? 1 : Math.ceil(Math.log10(Math.max(...positive))));
  const ticks = Array.from({ length: high - low + 1 }, (_, index) => 10 ** (low + index));
  return { ticks, shareOf: (value) => Math.max(0, (Math.log10(value) - low) / (high - low)) };
}
