import type { ConfigService } from '@nestjs/config';
import type { LayerCacheOptions } from 'nestjs-layercache';
import type { Settings } from '../settings.js';
import { SlowLoads } from './slow-loads.js';

/** The cache of lists of products: they are many, and large, and must not push out the products themselves. */
export const SEARCH_CACHE = 'search';

/** Products, categories and bestsellers. */
export function defaultCache(config: ConfigService<Settings, true>): LayerCacheOptions {
  return { ...everyCache(config), ttl: '1m', staleIfError: '1h', negativeTtl: '10s', memory: { max: 10_000 } };
}

/** Lists of products. An old one is good enough to begin with: what it shows of a product is never old, for it has its tag. */
export function searchCache(config: ConfigService<Settings, true>): LayerCacheOptions {
  return {
    ...everyCache(config),
    ttl: '30s',
    staleWhileRevalidate: '5m',
    staleIfError: '1h',
    memory: { maxBytes: '32mb' },
  };
}

function everyCache(config: ConfigService<Settings, true>): LayerCacheOptions {
  const url = config.get('redisUrl', { infer: true });
  return {
    enabled: config.get('cacheEnabled', { infer: true }),
    prefix: 'storefront',
    redis: url === undefined ? undefined : { url },
    observers: [new SlowLoads()],
  };
}
