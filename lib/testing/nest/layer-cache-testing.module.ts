import { type DynamicModule, Module } from '@nestjs/common';
import type { Clock } from '../../core/clock.js';
import { LayerCacheModule } from '../../nest/layer-cache.module.js';
import type { LayerCacheModuleExtras } from '../../nest/layer-cache.options.js';
import type { ReplaceableParts } from '../../nest/layer-cache.providers.js';
import { CACHE_PARTS } from '../../nest/tokens.js';
import type { LayerCacheOptions } from '../../policy/options.js';

/** What `LayerCacheTestingModule.forRoot` takes: all that `LayerCacheModule.forRoot` does, and a clock. */
export interface LayerCacheTestingOptions extends LayerCacheOptions, LayerCacheModuleExtras {
  /** The clock of the cache: a `ManualClock`, that the test advances. Default: the process's. */
  clock?: Clock;
}

/** A cache for tests: as that of `LayerCacheModule`, with a clock to advance, and without jitter. */
@Module({})
export class LayerCacheTestingModule {
  /** Takes the place of `LayerCacheModule.forRoot` in the module under test. */
  static forRoot({ clock, ...options }: LayerCacheTestingOptions = {}): DynamicModule {
    const definition = LayerCacheModule.forRoot({ jitter: 0, ...options });
    const parts: ReplaceableParts = clock === undefined ? {} : { clock };
    return {
      ...definition,
      module: LayerCacheTestingModule,
      providers: [...(definition.providers ?? []), { provide: CACHE_PARTS, useValue: parts }],
    };
  }
}
