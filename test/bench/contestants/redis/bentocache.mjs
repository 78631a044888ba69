import { BentoCache, bentostore } from 'bentocache';
import { redisDriver } from 'bentocache/drivers/redis';
import { clientOf } from './ioredis.mjs';

/** Redis alone. Tags are records there, too, each of which is read for itself. It asks for ioredis 5, and runs on 6. */
export function make({ load, tagsOf, port }) {
  const store = bentostore().useL2Layer(redisDriver({ connection: clientOf(port) }));
  const cache = new BentoCache({ default: 'redis', ttl: '1h', stores: { redis: store } });
  const read =
    tagsOf === undefined
      ? (key) => cache.getOrSet({ key, factory: () => load(key) })
      : (key) => cache.getOrSet({ key, factory: () => load(key), tags: tagsOf(key) });
  return { read, invalidateTag: (tag) => cache.deleteByTag({ tags: [tag] }) };
}
