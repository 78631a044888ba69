import { LRUCache } from 'lru-cache';

/**
 * lru-cache with its own ttl and its own way to load, `fetch`. It reads the clock at most once a millisecond and forgets that
 * reading by a timer; a loop that only awaits settled promises lets no timer run, so here it hardly reads the clock at all.
 */
export function make({ load, room }) {
  const cache = new LRUCache({ max: room.entries, ttl: 3_600_000, fetchMethod: load });
  return { read: (key) => cache.fetch(key) };
}
