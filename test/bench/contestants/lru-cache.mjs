import { LRUCache } from 'lru-cache';

/**
 * The baseline: a bounded lru-cache and nothing else. No ttl, no load on a miss: it is filled beforehand. Asynchronous
 * because a loader's answer is, so that the caller has to await in any case.
 */
export function make({ load, room }) {
  const cache = new LRUCache({ max: room.entries });
  return {
    // oxlint-disable-next-line typescript/require-await -- the promise of an async function is the baseline
    read: async (key) => cache.get(key),
    fill: async (key) => {
      cache.set(key, await load(key));
    },
  };
}
