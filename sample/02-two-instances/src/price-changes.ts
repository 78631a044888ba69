import type { Instance } from './instance.js';
import { pause } from './time.js';

/** Longer than an instance without Redis may go on with an old price. */
const PATIENCE_MS = 90_000;
/** At first it is asked as fast as can be told apart; who waits for long does not press. */
const BETWEEN_LOOKS_MS = [2, 50] as const;
const LONG_MS = 1_000;

/** Who changes the price of a product, and who is asked for it afterwards. */
export interface Change {
  readonly by: Instance;
  readonly other: Instance;
  readonly product: number;
}

export interface Sight {
  /** How long it took until the price was seen. */
  readonly ms: number;
  /** How often it was asked for. */
  readonly looks: number;
}

export interface Spread {
  /** How long the change itself took. */
  readonly changeMs: number;
  /** The new price at the other instance, counted from the answer to the change. */
  readonly seen: Sight;
}

/** Changes a price that the other instance has in memory, and asks there until the new one is seen. */
export async function spread({ by, other, product }: Change): Promise<Spread> {
  const { priceCents } = await other.product(product);
  const began = performance.now();
  await by.changePrice(product, priceCents + 1);
  const changeMs = performance.now() - began;
  const seen = await sightOf(priceCents + 1, other, product);
  if (seen === undefined) throw new Error(`${other.name} never showed the new price.`);
  return { changeMs, seen };
}

export async function spreadOften(change: Change, times: number): Promise<Spread[]> {
  const spreads: Spread[] = [];
  while (spreads.length < times) spreads.push(await spread(change));
  return spreads;
}

/** Asks an instance until it answers with this price; nothing if it does not in time. */
export async function sightOf(
  priceCents: number,
  instance: Instance,
  product: number,
  withinMs = PATIENCE_MS,
): Promise<Sight | undefined> {
  const began = performance.now();
  for (let looks = 1; ; looks++) {
    const shown = await instance.product(product);
    const ms = performance.now() - began;
    if (shown.priceCents === priceCents) return { ms, looks };
    if (ms >= withinMs) return undefined;
    await pause(BETWEEN_LOOKS_MS[ms < LONG_MS ? 0 : 1]);
  }
}
