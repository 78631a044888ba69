import { createCache } from 'cache-manager';
import { createKeyv } from 'cacheable';

/** On the memory store its documentation advises for speed, without copies: bounded, no JSON, every reader gets the same object. */
export function make({ load, room }) {
  const store = createKeyv({ ttl: 3_600_000, lruSize: room.entries, useClone: false });
  const cache = createCache({ ttl: 3_600_000, stores: [store] });
  return { read: (key) => cache.wrap(key, () => load(key)) };
}
