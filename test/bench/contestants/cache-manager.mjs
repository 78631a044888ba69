import { createCache } from 'cache-manager';

/** As its documentation begins: everything else is the default. Keyv on a Map without a bound, which keeps JSON. */
export function make({ load }) {
  const cache = createCache({ ttl: 3_600_000 });
  return { read: (key) => cache.wrap(key, () => load(key)) };
}
