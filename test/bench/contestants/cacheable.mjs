import { Cacheable } from 'cacheable';

/** As its documentation begins: the primary store is memory without a bound, and every reader gets a copy. */
export function make({ load }) {
  const cache = new Cacheable({ ttl: '1h' });
  return { read: (key) => cache.getOrSet(key, () => load(key)) };
}
