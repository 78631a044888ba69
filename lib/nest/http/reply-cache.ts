import 'reflect-metadata';
import { type CallHandler, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { type Observable, of } from 'rxjs';
import type { BoundCall, BoundRead } from '../../engine/bound-read.js';
import type { Answered } from '../../engine/call.js';
import type { LoadContext } from '../../engine/load-context.js';
import { keyOfCall } from '../../policy/key.js';
import type { CachePolicy } from '../../policy/resolve-policy.js';
import { DEFAULT_CACHE } from '../cache.token.js';
import type { LayerCaches } from '../layer-caches.js';
import { declarationsFor, isOverridden } from '../method-declaration.js';
import { SSE } from '../nest-metadata.js';
import { observeCall } from '../observed-call.js';
import { endUnread, isLargeBuffer, isStream, LARGEST_BUFFER, PassedOn } from '../passed-on.js';
import { watch } from '../single-value.js';
import { LAYER_CACHES } from '../tokens.js';
import { tellBypass, tellHit, tellMiss } from './cache-status.js';
import { carriesCredentials } from './credentials.js';
import { type RequestLike, type ResponseLike } from './route-call.js';
import { isRoute, takesOnlyOfUrl } from './route-parameter.js';

/** One handler whose replies are cached. */
interface CacheableReply {
  readonly where: string;
  readonly read: BoundRead;
  readonly warn: (message: string) => void;
}

/** Caches whole replies of handlers that say nothing of caching themselves. */
@Injectable()
export class ReplyCache {
  readonly #caches: LayerCaches;
  readonly #modules: ModulesContainer;
  /** Whose every name is. */
  readonly #owners = new Map<string, object>();
  readonly #replies = new WeakMap<object, WeakMap<object, CacheableReply | null>>();

  constructor(@Inject(LAYER_CACHES) caches: LayerCaches, @Inject(ModulesContainer) modules: ModulesContainer) {
    this.#caches = caches;
    this.#modules = modules;
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (context.getType() !== 'http') return next.handle();
    const http = context.switchToHttp();
    const request = http.getRequest<RequestLike | undefined>();
    const response = http.getResponse<ResponseLike | undefined>();
    if (request === undefined || response === undefined || request.method !== 'GET') return next.handle();
    const reply = this.#replyOf(context);
    if (reply === null) return next.handle();
    if (carriesCredentials(request)) {
      this.#caches.warn(
        `${reply.where} is not cached for requests with an Authorization or Cookie header or a user. ` +
          'If its reply depends on its arguments alone, write @Cached({ shared: true }) on it.',
      );
      tellBypass(response);
      return next.handle();
    }
    return observeCall(() => new ReplyCall(reply, request, response, next).answer());
  }

  /** Null where the replies of a handler cannot be cached. */
  #replyOf(context: ExecutionContext): CacheableReply | null {
    const type = context.getClass();
    const handler = context.getHandler();
    const ofClass = this.#replies.get(type) ?? new WeakMap<object, CacheableReply | null>();
    this.#replies.set(type, ofClass);
    const known = ofClass.get(handler);
    const reply = known === undefined ? this.#newReply(type.prototype as object, handler) : known;
    ofClass.set(handler, reply);
    return reply;
  }

  #newReply(prototype: object, handler: object): CacheableReply | null {
    const method = nameOf(prototype, handler);
    const where = `${prototype.constructor.name}.${method ?? 'a handler'}`;
    const engine = this.#caches.get(DEFAULT_CACHE)?.engine;
    if (!this.#isCacheable(prototype, method, where)) return null;
    if (engine === undefined) {
      this.#caches.warn(`${where} is not cached by LayerCacheInterceptor: there is no cache named '${DEFAULT_CACHE}'.`);
      return null;
    }
    return { where, read: engine.bind(`GET ${where}`), warn: this.#caches.warn };
  }

  /** A handler with decorators of ours answers for itself. */
  #isCacheable(prototype: object, method: string | undefined, where: string): boolean {
    if (method !== undefined && (isDecorated(prototype, method) || isLeftAlone(prototype, method))) return false;
    const obstacle =
      method === undefined
        ? 'it is not found among the methods of its controller.'
        : this.#obstacleOf(prototype, method, where);
    if (obstacle !== undefined) this.#caches.warn(`${where} is not cached by LayerCacheInterceptor: ${obstacle}`);
    return obstacle === undefined;
  }

  #obstacleOf(prototype: object, method: string, where: string): string | undefined {
    if (!takesOnlyOfUrl(prototype, method)) {
      return 'it takes more than @Param(), @Query() and @HostParam(), which its URL does not tell. Write @Cached() on it.';
    }
    if (!isStaticController(this.#modules, prototype)) {
      return 'its controller is made anew per request, so that its URL may not be all that decides.';
    }
    const owner = this.#owners.get(where) ?? prototype;
    this.#owners.set(where, owner);
    return owner === prototype ? undefined : 'another controller has the same name.';
  }
}

/** Under which name a controller has a handler: a decorator may have put a function of another name in front of it. */
function nameOf(prototype: object, handler: object): string | undefined {
  for (let level: object | null = prototype; level !== null; level = Object.getPrototypeOf(level) as object | null) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(level))) {
      if (value === handler) return name;
    }
  }
  return undefined;
}

function isDecorated(prototype: object, method: string): boolean {
  return declarationsFor(prototype).some(
    (declaration) => declaration.method === method && !isOverridden(prototype, declaration),
  );
}

function isLeftAlone(prototype: object, method: string): boolean {
  const handler: unknown = Reflect.get(prototype, method);
  return !isRoute(handler) || Reflect.hasMetadata(SSE, handler);
}

/** Guards, pipes and interceptors that are made per request make the controller so as well. */
function isStaticController(modules: ModulesContainer, { constructor }: object): boolean {
  const wrappers = [...modules.values()].map(({ controllers }) => controllers.get(constructor));
  return wrappers.every((wrapper) => wrapper === undefined || wrapper.isDependencyTreeStatic());
}

/** One request whose reply may be cached. */
class ReplyCall implements BoundCall {
  readonly key: string;
  readonly args: readonly unknown[];
  readonly #reply: CacheableReply;
  readonly #response: ResponseLike;
  readonly #next: CallHandler;
  #isFromTier = false;

  constructor(reply: CacheableReply, request: RequestLike, response: ResponseLike, next: CallHandler) {
    // The host that was asked for, and the one that a trusted proxy says was: Nest routes by the latter.
    this.args = [request.headers?.['host'], request.hostname, request.originalUrl ?? request.url];
    this.key = keyOfCall(`GET ${reply.where}`, this.args);
    this.#reply = reply;
    this.#response = response;
    this.#next = next;
  }

  async answer(): Promise<unknown> {
    const result = await this.#reply.read.read(this);
    if (!(result instanceof PassedOn)) return result;
    return result.owner === this ? result.value : this.#next.handle();
  }

  runUncached(): unknown {
    tellBypass(this.#response);
    return this.#next.handle();
  }

  policy(): CachePolicy {
    return this.#reply.read.policy;
  }

  onAnswered({ entry, by }: Answered): void {
    this.#isFromTier = by === 'tier';
    if (this.#isFromTier) tellHit(this.#response, this.#reply.read.standingOf(entry));
    else tellMiss(this.#response, by === 'stored-load' ? 'stored' : 'unstored');
  }

  async load(context: LoadContext<unknown>): Promise<unknown> {
    const { where, read, warn } = this.#reply;
    const response = this.#response;
    const statusBefore = response.statusCode;
    const emission = await watch(this.#next.handle(), read.clock, context.signal);
    const value: unknown = 'single' in emission ? emission.single : emission.passedOn;
    if (!('single' in emission) || isStream(value)) {
      warn(`${where} replies with a stream, or not with one value: it is passed on and not cached.`);
      context.skip();
      if (this.#isFromTier) endUnread(value);
      return new PassedOn('single' in emission ? of(value) : value, this);
    }
    if (isLargeBuffer(value))
      warn(`${where} replies with more than ${LARGEST_BUFFER} bytes at once: that is not cached.`);
    // A status that the handler chose itself would be missing from the next reply.
    if (isLargeBuffer(value) || response.statusCode !== statusBefore) context.skip();
    return value;
  }
}
