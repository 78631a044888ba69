import { createCache } from 'async-cache-dedupe';
import { clientOf } from './ioredis.mjs';

/** Redis storage. Its references are sets of keys that only an invalidation reads: a hit has no part in them. */
export function make({ load, tagsOf, port }) {
  const tagged = tagsOf !== undefined;
  const invalidation = tagged ? { referencesTTL: 3_600 } : false;
  const cache = createCache({
    ttl: 3_600,
    storage: { type: 'redis', options: { client: clientOf(port), invalidation } },
  });
  cache.define('read', tagged ? { references: (key) => tagsOf(key) } : {}, load);
  return { read: (key) => cache.read(key), invalidateTag: (tag) => cache.invalidateAll(tag) };
}
