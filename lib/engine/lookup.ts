import { answerOf } from './answer.js';
import type { Peeked } from './peek.js';

/** What a look at a key finds. Times are in milliseconds. */
export type Lookup<T> =
  | {
      /** Nothing that may be served. */
      found: false;
    }
  | {
      /** Something that may be served. */
      found: true;
      /** The value. */
      value: T;
      /** Stale: after its `ttl`, within `staleWhileRevalidate`. */
      state: 'fresh' | 'stale';
      /** Whether it is a remembered null or undefined. */
      negative: boolean;
      /** The tier that has it. */
      tier: string;
      /** The time since it was stored. */
      age: number;
      /** The time for which it is still fresh; below 0, for which it has been stale. */
      ttl: number;
    };

/** A value that was found, as it stands at an instant. */
export function lookupOf<T>({ entry, tier, state }: Peeked, now: number): Lookup<T> {
  return {
    found: true,
    value: answerOf(entry) as T,
    state,
    negative: entry.terms.form === 'negative',
    tier,
    age: Math.floor(now) - entry.born,
    ttl: entry.freshUntil - Math.floor(now),
  };
}
