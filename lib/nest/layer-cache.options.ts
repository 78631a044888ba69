import { ConfigurableModuleBuilder, type DynamicModule } from '@nestjs/common';
import { LayerCacheConfigError } from '../core/errors.js';
import type { LayerCacheOptions } from '../policy/options.js';
import { resolveName } from '../policy/resolve-options.js';
import { DEFAULT_CACHE } from './cache.token.js';
import { CACHE_OPTIONS } from './tokens.js';

/** Makes the options of a cache: for `useClass` and `useExisting`. */
export interface LayerCacheOptionsFactory {
  /** Called once, when the application starts. */
  createLayerCacheOptions(): LayerCacheOptions | Promise<LayerCacheOptions>;
}

/** What `forRoot` and `forRootAsync` take beside the options of the cache. */
export interface LayerCacheModuleExtras {
  /** Whether its cache can be injected everywhere without importing the module. Default true. */
  isGlobal?: boolean;
  /** What the cache is called, for `@InjectCache` and `@Cached({ cache })`. Default `'default'`. */
  name?: string;
}

/** Turns what Nest's builder has made into the module of one cache. */
export type Transform = (definition: DynamicModule, extras: Required<LayerCacheModuleExtras>) => DynamicModule;

/** Nest's own builder of `forRoot` and `forRootAsync`, with our names and extras. */
export function moduleBuilder(transform: Transform) {
  return new ConfigurableModuleBuilder<LayerCacheOptions>({ optionsInjectionToken: CACHE_OPTIONS })
    .setClassMethodName('forRoot')
    .setFactoryMethodName('createLayerCacheOptions')
    .setExtras<LayerCacheModuleExtras>(
      { isGlobal: true, name: DEFAULT_CACHE },
      (definition, { isGlobal = true, name = DEFAULT_CACHE }) => {
        if (typeof isGlobal !== 'boolean') {
          throw new LayerCacheConfigError({ option: 'isGlobal', got: isGlobal, takes: 'true or false' });
        }
        return transform({ ...definition, global: isGlobal }, { isGlobal, name: resolveName(name) });
      },
    )
    .build();
}
