import type { Entry, Terms } from '../core/entry.js';
import type { Random } from '../core/random.js';

/** Beyond so many load times before the end, the chance that XFetch refreshes is below 10^-8 and not worth a draw. */
const FARTHEST = 20;

/** The first instant at which a hit may have to refresh: until then nobody needs to ask. */
export function earliestRefresh({ refreshAhead }: Terms, freshUntil: number, life: number, loadMs: number): number {
  if (refreshAhead === undefined) return freshUntil;
  if (refreshAhead === 'adaptive') return freshUntil - loadMs * FARTHEST;
  return freshUntil - life + Math.floor(life * refreshAhead);
}

/**
 * Whether a fresh hit should refresh behind it. `'adaptive'` is XFetch (Vattani, Chierichetti, Lowenstein: Optimal
 * Probabilistic Cache Stampede Prevention, VLDB 2015) with beta 1: the nearer the end and the dearer the load, the likelier.
 */
export function wantsRefresh(entry: Entry, now: number, random: Random): boolean {
  const { terms, freshUntil, loadMs } = entry;
  const life = terms.slidingTtl === 0 ? freshUntil - entry.born : terms.slidingTtl;
  if (terms.refreshAhead === undefined || now < earliestRefresh(terms, freshUntil, life, loadMs)) return false;
  if (terms.refreshAhead !== 'adaptive') return true;
  return now - loadMs * Math.log(1 - random()) >= freshUntil;
}
