import { bucketOf } from '../../lib/redis/keys.js';

/** A key of each part of Redis, in their order. */
export function keysOfParts(parts: number): readonly [string, string, ...string[]] {
  const keys = Array.from({ length: 20 * parts }, (_, index) => `k${index}`);
  return Array.from(
    { length: parts },
    (_, part) => keys.find((key) => bucketOf(key, parts) === part) ?? '',
  ) as unknown as readonly [string, string, ...string[]];
}
