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
