import type { SharedValue } from '../tiers/shared-tier.js';

/** A tag's record that is lost makes all entries with the tag misses, so it lives longer than any of them, and not shortly. */
const SHORTEST_TAG_TTL = 86_400_000;

/** How long a value has to be kept from now on, in whole milliseconds: as long as it may be served in any way. */
export function lifeOf({ freshUntil, staleWhileRevalidate, staleIfError }: SharedValue, now: number): number {
  return Math.max(1, Math.ceil(freshUntil - now + Math.max(staleWhileRevalidate, staleIfError)));
}

/** How long the record of a tag has to be kept that such a value carries. */
export function tagTtlOf(lifeMs: number): number {
  return Math.max(SHORTEST_TAG_TTL, 2 * lifeMs);
}
