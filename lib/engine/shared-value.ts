import type { Entry } from '../core/entry.js';
import type { SharedValue } from '../tiers/shared-tier.js';

/** What other processes may know of an entry. */
export function valueOf({ value, tags, born, freshUntil, loadMs, terms }: Entry): SharedValue {
  const { staleWhileRevalidate, staleIfError } = terms;
  return { value, tags, born, freshUntil, loadMs, staleWhileRevalidate, staleIfError };
}
