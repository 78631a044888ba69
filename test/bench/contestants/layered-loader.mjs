import { Loader } from 'layered-loader/core';

/** The in-memory cache of the documentation's example, `lru-map`, and `get`. It has groups, but no tags. */
export function make({ load, room }) {
  const loader = new Loader({
    inMemoryCache: { cacheType: 'lru-map', ttlInMsecs: 3_600_000, maxItems: room.entries },
    dataSourceGetOneFn: load,
  });
  return { read: (key) => loader.get(key) };
}
