import KeyvRedis, { createCluster } from '@keyv/redis';
import { createCache } from 'cache-manager';
import { CacheableMemory } from 'cacheable';
import { Keyv } from 'keyv';

export const features = [];

/** Two stores, as its README sets them up under "Quick start"; a cluster as that of @keyv/redis does. */
export function open({ port, nodes, natMap, prefix }) {
  const memory = new Keyv({ store: new CacheableMemory({ ttl: 60_000, lruSize: 5_000 }) });
  const place = nodes === undefined ? `redis://127.0.0.1:${port}` : clusterOf(nodes, natMap);
  const redis = new Keyv({ store: new KeyvRedis(place), namespace: prefix });
  // As documented: without a listener, a lost connection would end the process.
  redis.on('error', () => undefined);
  const cache = createCache({ stores: [memory, redis] });
  return {
    getOrSet: (key, load, { ttl, refreshBehind } = {}) =>
      // It refreshes before the end, and not after it: so that any hit does.
      cache.wrap(key, () => load({}), { ttl, ...(refreshBehind !== undefined && { refreshThreshold: ttl }) }),
    set: (key, value, { ttl } = {}) => cache.set(key, value, ttl),
    invalidate: (key) => cache.del(key),
    close: () => cache.disconnect(),
  };
}

function clusterOf(nodes, nodeAddressMap) {
  return createCluster({
    rootNodes: nodes.map(({ host, port }) => ({ url: `redis://${host}:${port}` })),
    nodeAddressMap,
  });
}
