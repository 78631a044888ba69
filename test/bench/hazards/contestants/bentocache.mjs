import { BentoCache, bentostore } from 'bentocache';
import { memoryDriver } from 'bentocache/drivers/memory';
import { redisBusDriver, redisDriver } from 'bentocache/drivers/redis';
import { Cluster } from 'ioredis';

export const features = ['tags', 'messages', 'late tags', 'old values', 'time limit of loads'];

/** As its page on several tiers sets it up for several instances, on the ioredis that it asks for; of that a cluster as well. */
export function open({ port, nodes, natMap, prefix }) {
  const connection = nodes === undefined ? { host: '127.0.0.1', port } : new Cluster(nodes, { natMap });
  const store = bentostore()
    .useL1Layer(memoryDriver({ maxSize: '10mb' }))
    .useL2Layer(redisDriver({ connection }))
    .useBus(redisBusDriver({ connection }));
  const cache = new BentoCache({ default: 'multitier', prefix, stores: { multitier: store } });
  return {
    getOrSet: (key, load, { ttl, tags, refreshBehind, onError, loadLimit } = {}) =>
      cache.getOrSet({
        ...{ key, ttl, tags },
        factory: ({ setTags }) => load({ tag: (...late) => setTags(late) }),
        ...(refreshBehind !== undefined && { grace: refreshBehind }),
        // Its default of 0 would answer at once; null waits for the load.
        ...(onError !== undefined && { grace: onError, timeout: null }),
        ...(loadLimit !== undefined && { hardTimeout: loadLimit }),
      }),
    set: (key, value, { ttl } = {}) => cache.set({ key, value, ttl }),
    invalidate: (key) => cache.delete({ key }),
    invalidateTags: (...tags) => cache.deleteByTag({ tags }),
    close: () => cache.disconnectAll(),
  };
}
