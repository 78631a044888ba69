import { cachified, totalTtl } from '@epic-web/cachified';
import { LRUCache } from 'lru-cache';

/** On lru-cache, by the adapter that its documentation begins with. It has no tags. */
export function make({ load, room }) {
  const lru = new LRUCache({ max: room.entries });
  const cache = {
    set(key, value) {
      const ttl = totalTtl(value?.metadata);
      return lru.set(key, value, {
        ttl: ttl === Infinity ? undefined : ttl,
        start: value?.metadata?.createdTime,
      });
    },
    get: (key) => lru.get(key),
    delete: (key) => lru.delete(key),
  };
  return {
    read: (key) => cachified({ key, cache, ttl: 3_600_000, getFreshValue: () => load(key) }),
  };
}
