import { type ConfigurableModuleAsyncOptions, type DynamicModule, Module } from '@nestjs/common';
import type { LayerCacheOptions } from '../policy/options.js';
import { refuseNoOptions } from '../policy/resolve-policy.js';
import { CacheService } from './cache.service.js';
import { DEFAULT_CACHE, getCacheToken } from './cache.token.js';
import { LayerCacheCoreModule } from './layer-cache.core.module.js';
import { type LayerCacheModuleExtras, moduleBuilder } from './layer-cache.options.js';
import { cacheProviders } from './layer-cache.providers.js';

const { ConfigurableModuleClass } = moduleBuilder((definition, { name }) => ({
  ...definition,
  imports: [...(definition.imports ?? []), LayerCacheCoreModule],
  providers: [...(definition.providers ?? []), ...cacheProviders(name)],
  exports: name === DEFAULT_CACHE ? [CacheService, getCacheToken()] : [getCacheToken(name)],
}));

/** What `LayerCacheModule.forRootAsync` takes: where the options come from, and the extras. */
export type LayerCacheModuleAsyncOptions = ConfigurableModuleAsyncOptions<
  LayerCacheOptions,
  'createLayerCacheOptions'
> &
  LayerCacheModuleExtras;

/** Registers a cache. */
@Module({})
export class LayerCacheModule extends ConfigurableModuleClass {
  /** A cache with these options; without any, a complete one in memory. */
  static override forRoot(options: LayerCacheOptions & LayerCacheModuleExtras = {}): DynamicModule {
    refuseNoOptions(options, 'forRoot');
    return super.forRoot(options);
  }

  /** A cache whose options come from a factory, or from a class with `createLayerCacheOptions()`. */
  static override forRootAsync(options: LayerCacheModuleAsyncOptions): DynamicModule {
    refuseNoOptions(options, 'forRootAsync');
    return super.forRootAsync(options);
  }
}
