import { Cacheable, createKeyv } from 'cacheable';

/** A bounded primary store that hands every reader the same object. */
export function make({ load, room }) {
  const cache = new Cacheable({ ttl: '1h', primary: createKeyv({ lruSize: room.entries, useClone: false }) });
  return { read: (key) => cache.getOrSet(key, () => load(key)) };
}
