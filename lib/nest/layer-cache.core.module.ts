import { Global, Module } from '@nestjs/common';
import { CallSiteExplorer } from './call-site.explorer.js';
import { CallSites } from './call-sites.js';
import { ReplyCache } from './http/reply-cache.js';
import { LayerCacheInterceptor } from './layer-cache.interceptor.js';
import { LayerCaches } from './layer-caches.js';
import { Lifecycle } from './lifecycle.js';
import { CALL_SITES, LAYER_CACHES } from './tokens.js';

/** What an application has once, however many caches: their registry, the call sites, the start and the end. */
@Global()
@Module({
  providers: [
    { provide: LAYER_CACHES, useClass: LayerCaches },
    { provide: CALL_SITES, useClass: CallSites },
    ReplyCache,
    LayerCacheInterceptor,
    CallSiteExplorer,
    Lifecycle,
  ],
  exports: [LAYER_CACHES, CALL_SITES, ReplyCache, LayerCacheInterceptor],
})
export class LayerCacheCoreModule {}
