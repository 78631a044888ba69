import { PRODUCT, READ, type Stage } from './act.js';
import { inMs, median } from './figures.js';
import { spread, spreadOften } from './price-changes.js';

export interface Agreement {
  /** How soon the first change after Redis is back, and each after it, is seen at the other instance. */
  readonly shownMs: readonly number[];
  /** The products whose price the two do not agree on. */
  readonly disagreements: readonly number[];
}

/** As before, now by the Redis that came back empty; this time B changes and A is watched. */
export async function bothAgree({ a, b, say }: Stage, times: number): Promise<Agreement> {
  say(`\n5. The price changes ${times} times more, now through B.`);
  const change = { by: b, other: a, product: PRODUCT };
  const first = await spread(change);
  const spreads = [first, ...(await spreadOften(change, times - 1))];
  const shownMs = spreads.map(({ seen }) => seen.ms);
  say(
    `   A shows the first new price after ${inMs(first.seen.ms)}; all of them: median ${inMs(median(shownMs))}, worst ${inMs(Math.max(...shownMs))}.`,
  );
  const disagreements: number[] = [];
  for (const id of READ) {
    const [atA, atB] = await Promise.all([a.product(id), b.product(id)]);
    if (atA.priceCents !== atB.priceCents) disagreements.push(id);
  }
  say(`   Of ${READ.length} products, A and B show the same price of ${READ.length - disagreements.length}.`);
  return { shownMs, disagreements };
}
