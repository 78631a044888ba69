import { PRODUCT, type Stage } from './act.js';
import { inMs, median } from './figures.js';
import { spreadOften } from './price-changes.js';

/** Returns how long after the answer to each change the other instance answered with the new price. */
export async function pricesSpread({ a, b, say }: Stage, times: number): Promise<number[]> {
  say(
    `\n2. The price changes ${times} times through A. B has the old one in memory, and is asked until it shows the new one.`,
  );
  const spreads = await spreadOften({ by: a, other: b, product: PRODUCT }, times);
  const ms = spreads.map(({ seen }) => seen.ms);
  const atOnce = spreads.filter(({ seen }) => seen.looks === 1).length;
  say(`   A answers the change after ${inMs(median(spreads.map(({ changeMs }) => changeMs)))} (median).`);
  say(`   B answers with the new price ${inMs(median(ms))} after that (median; worst ${inMs(Math.max(...ms))}),`);
  say(`   ${atOnce} of ${times} times in its very first answer, for which it has to load.`);
  return ms;
}
