import { createCache } from 'async-cache-dedupe';

/**
 * Memory storage, and a function defined on it. What others call tags are its references; they need `invalidation`, which
 * is off by default and so is off here without tags. It keeps the time in seconds, renewed by a timer.
 */
export function make({ load, tagsOf, room }) {
  const tagged = tagsOf !== undefined;
  const cache = createCache({
    ttl: 3_600,
    storage: { type: 'memory', options: { size: room.entries, invalidation: tagged } },
  });
  cache.define('read', tagged ? { references: (key) => tagsOf(key) } : {}, load);
  return { read: (key) => cache.read(key), invalidateTag: (tag) => cache.invalidateAll(tag) };
}
