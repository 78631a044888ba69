import { Logger, type Provider } from '@nestjs/common';
import { systemClock } from '../core/clock.js';
import { createLayerCache, type LayerCacheParts } from '../engine/create-layer-cache.js';
import { Drain } from '../engine/drain.js';
import type { LayerCacheOptions } from '../policy/options.js';
import { ALL_OPTION_NAMES, type LayerCacheSettings, resolveOptions } from '../policy/resolve-options.js';
import { refuseNoOptions, refuseUnknownOptions } from '../policy/resolve-policy.js';
import { CacheService } from './cache.service.js';
import { DEFAULT_CACHE, getCacheToken } from './cache.token.js';
import type { CallSites } from './call-sites.js';
import type { LayerCacheModuleExtras } from './layer-cache.options.js';
import type { LayerCaches, RunningCache } from './layer-caches.js';
import { NestLogObserver } from './nest-log.observer.js';
import { isNotFoundError } from './not-found.js';
import { CACHE_OPTIONS, CACHE_PARTS, CALL_SITES, LAYER_CACHES, LOGGER_CONTEXT } from './tokens.js';

/** Not options of a cache, but told beside them: whoever mistypes one should hear its name. */
const EXTRA_NAMES = ['isGlobal', 'name'] as const satisfies readonly (keyof LayerCacheModuleExtras)[];

/** Parts of a cache that a test replaces: its clock above all. */
export type ReplaceableParts = Pick<LayerCacheParts, 'clock' | 'random' | 'near'>;

/** From options to a cache that can be injected: all wiring of one cache. */
export function cacheProviders(name: string): Provider[] {
  const token = getCacheToken(name);
  const cache: Provider = {
    provide: token,
    inject: [CACHE_OPTIONS, LAYER_CACHES, CALL_SITES, CACHE_PARTS],
    useFactory: (options: LayerCacheOptions, caches: LayerCaches, sites: CallSites, parts: ReplaceableParts) => {
      const running = runningCache(name, options, parts);
      caches.add(running);
      return new CacheService(running.engine, sites);
    },
  };
  const byClass: Provider[] = name === DEFAULT_CACHE ? [{ provide: CacheService, useExisting: token }] : [];
  return [{ provide: CACHE_PARTS, useValue: {} }, cache, ...byClass];
}

function runningCache(name: string, options: LayerCacheOptions, parts: ReplaceableParts): RunningCache {
  // A factory may return nothing by mistake, which must not be taken for "all defaults".
  refuseNoOptions(options, 'options');
  refuseUnknownOptions(options, [...ALL_OPTION_NAMES, ...EXTRA_NAMES]);
  const settings = resolveOptions(options);
  const logger = new Logger(LOGGER_CONTEXT);
  const log = new NestLogObserver(logger, parts.clock ?? systemClock);
  const drain = new Drain();
  const engine = createLayerCache(
    {
      ...options,
      isNegativeError: options.isNegativeError ?? isNotFoundError,
      observers: [...settings.observers, log],
    },
    { ...parts, name, drain, warn: (message) => logger.warn(message), opens: 'by ready()' },
  );
  return {
    name,
    engine,
    drain,
    hasKeyContext: settings.keyContext !== undefined,
    summary: summaryOf(settings, options),
    isMemoryOnly: settings.enabled && settings.redis === undefined,
  };
}

/** What runs, in one line, for the log of the start. */
function summaryOf(settings: LayerCacheSettings, given: LayerCacheOptions): string {
  const { enabled, redis, tiers, prefix, staleBound } = settings;
  if (!enabled) return 'disabled: every call runs uncached';
  const memory = memoryOf(settings, given);
  if (redis !== undefined) {
    const shared = `redis (prefix '${prefix}', staleBound ${staleBound} ms)`;
    return [memory, shared, ...tiers.map((tier) => tier.name)].join(', ');
  }
  const idle = (['prefix', 'staleBound', 'detachedTtl'] as const).filter((option) => given[option] !== undefined);
  return idle.length === 0 ? memory : `${memory}; idle without Redis: ${idle.join(', ')}`;
}

function memoryOf({ memory }: LayerCacheSettings, given: LayerCacheOptions): string {
  if (memory === false) return 'no memory';
  const { maxBytes } = typeof given.memory === 'object' ? given.memory : {};
  const bounds = [
    memory.max === undefined ? [] : `${memory.max} entries`,
    maxBytes === undefined ? [] : typeof maxBytes === 'number' ? `${maxBytes} bytes` : maxBytes,
  ].flat();
  return `memory (${bounds.join(', ')})`;
}
