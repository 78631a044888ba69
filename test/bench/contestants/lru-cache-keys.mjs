import { LRUCache } from 'lru-cache';

/** What a method does that keeps its results in an lru-cache of the application: builds its key at each call. */
export function make({ load, room }) {
  const cache = new LRUCache({ max: room.entries });
  return {
    // oxlint-disable-next-line typescript/require-await -- the promise of an async function is the baseline
    read: async (key) => cache.get(`Users.find(${key})`),
    fill: async (key) => {
      cache.set(`Users.find(${key})`, await load(key));
    },
  };
}
