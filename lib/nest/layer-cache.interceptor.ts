import { type CallHandler, type ExecutionContext, Inject, Injectable, type NestInterceptor } from '@nestjs/common';
import type { Observable } from 'rxjs';
import type { CallSite } from './call-site.js';
import { CachedCall } from './cached-call.js';
import { ReplyCache } from './http/reply-cache.js';
import { RouteCall, takeRouteCall } from './http/route-call.js';
import { observeCall } from './observed-call.js';

/**
 * Runs every decorated call. As `@UseInterceptors(LayerCacheInterceptor)` on a controller or a handler it caches the whole
 * replies of its undecorated GET handlers, by route, path and query; requests with credentials pass by.
 */
@Injectable()
export class LayerCacheInterceptor implements NestInterceptor {
  readonly #replies: ReplyCache;

  /** @internal */
  constructor(@Inject(ReplyCache) replies: ReplyCache) {
    this.#replies = replies;
  }

  /** Caches the reply of an undecorated GET handler; passes everything else by. */
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return this.#replies.intercept(context, next);
  }

  /**
   * Answers a call of a cached method.
   * @internal
   */
  around(site: CallSite, self: object, args: unknown[]): unknown {
    if (args.length === 1 && site.hitsByArgument) {
      const entry = site.reads.hit(args[0]);
      if (entry !== undefined) return entry.answer();
    }
    const route = site.isRawResolver ? RouteCall.ofResolver(args, args.length) : takeRouteCall(args);
    if (site.returnsObservable) return observeCall(() => new CachedCall(site, self, args, route).answer());
    return new CachedCall(site, self, args, route).answer();
  }
}
