import { Loader, RedisCache } from 'layered-loader';
import { clientOf } from './ioredis.mjs';

/** Redis alone, and `get`. It has no tags. */
export function make({ load, port }) {
  const loader = new Loader({
    asyncCache: new RedisCache(clientOf(port), { prefix: 'users', json: true, ttlInMsecs: 3_600_000 }),
    dataSourceGetOneFn: load,
  });
  return { read: (key) => loader.get(key) };
}
