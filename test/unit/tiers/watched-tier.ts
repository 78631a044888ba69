import type { EvictionCause } from '../../../lib/core/observer.js';
import { type MemoryBounds, MemoryTier } from '../../../lib/tiers/memory.tier.js';

/** A memory tier, and what it told of evictions. */
export interface Watched {
  readonly tier: MemoryTier;
  readonly told: [key: string, cause: EvictionCause][];
}

export const watched = (bounds: Partial<MemoryBounds>): Watched => {
  const told: [string, EvictionCause][] = [];
  const tier = new MemoryTier({ max: undefined, maxBytes: undefined, ...bounds }, (entry, cause) =>
    told.push([entry.key, cause]),
  );
  return { tier, told };
};

/** The keys it holds, in alphabetical order. */
export const keysOf = (tier: MemoryTier): string[] => [...tier.each()].map((entry) => entry.key).sort();
