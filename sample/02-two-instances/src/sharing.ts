import { FIRST_UNREAD } from './act.js';
import type { Instance } from './instance.js';
import { pause } from './time.js';

const ATTEMPTS = 90;
const BETWEEN_MS = 50;

/** Resolves when one instance finds in Redis what the other one has loaded: then both are connected. */
export async function shareAgain(one: Instance, other: Instance): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    // One that nobody has read yet: the other has it in Redis, or not at all.
    const product = FIRST_UNREAD + attempt;
    await one.product(product);
    await pause(BETWEEN_MS);
    if (await other.hasCached(product)) return;
  }
  throw new Error(`${other.name} finds nothing in Redis that ${one.name} has loaded.`);
}
