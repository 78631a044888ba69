import type { GuardedTier } from './guarded.tier.js';

/** A copy, and where it lay. */
export interface FoundCopy {
  readonly bytes: Uint8Array;
  readonly tier: string;
  /** How many tiers were asked in vain before it. */
  readonly above: number;
}

/** The tiers behind the shared one, in their order. None of them fails, nor takes long. */
export class FarChain {
  readonly #tiers: readonly GuardedTier[];

  constructor(tiers: readonly GuardedTier[]) {
    this.#tiers = tiers;
  }

  /** What each has under a key; the next is asked when the one before is not good enough. */
  async *copiesOf(key: string): AsyncIterableIterator<FoundCopy> {
    for (const [above, tier] of this.#tiers.entries()) {
      const bytes = await tier.get(key);
      if (bytes !== undefined) yield { bytes, tier: tier.name, above };
    }
  }

  /** Gives it to the first so many of them; without a number, to all. */
  async keep(key: string, { bytes, ttlMs }: { bytes: Uint8Array; ttlMs: number }, first?: number): Promise<void> {
    await Promise.all(this.#tiers.slice(0, first).map((tier) => tier.set(key, bytes, ttlMs)));
  }

  async drop(key: string): Promise<void> {
    await Promise.all(this.#tiers.map((tier) => tier.delete(key)));
  }
}
