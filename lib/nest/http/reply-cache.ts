import 'reflect-metadata';
import { type CallHandler, type ExecutionContext, Inject, Injectable, Logger } from '@nestjs/common';
import { type Observable, of } from 'rxjs';
import type { BoundRead } from '../../engine/bound-read.js';
import type { LoadContext } from '../../engine/load-context.js';
import { keyOfCall } from '../../policy/key.js';
import { DEFAULT_CACHE } from '../cache.token.js';
import type { LayerCaches } from '../layer-caches.js';
import { declarationsFor } from '../method-declaration.js';
import { SSE } from '../nest-metadata.js';
import { observeCall } from '../observed-call.js';
import { isLargeBuffer, isStream, LARGEST_BUFFER, PassedOn } from '../passed-on.js';
import { watch } from '../single-value.js';
import { LAYER_CACHES, LOGGER_CONTEXT } from '../tokens.js';
import { tellBypass, tellHit, tellMiss } from './cache-status.js';
import { carriesCredentials } from './credentials.js';
import { type RequestLike, type ResponseLike, RouteCall } from './route-call.js';
import { isRoute, liveParameterOf } from './route-parameter.js';

/** What is known of one handler whose replies are cached. */
interface Reply {
  readonly where: string;
  /** Undefined where its replies cannot be cached. */
  readonly read: BoundRead | undefined;
}

/** Caches whole replies of handlers that say nothing of caching themselves. */
@Injectable()
export class ReplyCache {
  readonly #caches: LayerCaches;
  readonly #logger = new Logger(LOGGER_CONTEXT);
  readonly #said = new Set<string>();
  readonly #replies = new WeakMap<object, WeakMap<object, Reply>>();

  constructor(@Inject(LAYER_CACHES) caches: LayerCaches) {
    this.#caches = caches;
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (context.getType() !== 'http') return next.handle();
    const { request, response } = RouteCall.of(context);
    if (request === undefined || response === undefined || request.method !== 'GET') return next.handle();
    const { where, read } = this.#replyOf(context);
    if (read === undefined) return next.handle();
    if (carriesCredentials(request)) {
      this.#warn(
        `${where} is not cached for requests with an Authorization or Cookie header or a user. ` +
          'If its reply depends on its arguments alone, write @Cached({ shared: true }) on it.',
      );
      tellBypass(response);
      return next.handle();
    }
    return observeCall(() => new ReplyCall({ where, read, request, response, next, warn: this.#warn }).answer());
  }

  readonly #warn = (message: string): void => {
    if (this.#said.has(message)) return;
    this.#said.add(message);
    this.#logger.warn(message);
  };

  #replyOf(context: ExecutionContext): Reply {
    const type = context.getClass();
    const handler = context.getHandler();
    const ofClass = this.#replies.get(type) ?? new WeakMap<object, Reply>();
    this.#replies.set(type, ofClass);
    const reply = ofClass.get(handler) ?? this.#newReply(type.prototype as object, handler);
    ofClass.set(handler, reply);
    return reply;
  }

  #newReply(prototype: object, handler: { readonly name: string }): Reply {
    const where = `${prototype.constructor.name}.${handler.name}`;
    const engine = this.#caches.get(DEFAULT_CACHE)?.engine;
    if (engine === undefined || !this.#isCacheable(prototype, handler, where)) return { where, read: undefined };
    return { where, read: engine.bind(`GET ${where}`) };
  }

  /** A handler with decorators of ours answers for itself. */
  #isCacheable(prototype: object, handler: { readonly name: string }, where: string): boolean {
    const isDecorated = declarationsFor(prototype).some(({ method }) => method === handler.name);
    if (isDecorated || !isRoute(handler) || Reflect.hasMetadata(SSE, handler)) return false;
    const live = liveParameterOf(prototype, handler.name);
    if (live === undefined) return true;
    this.#warn(`${where} takes ${live}, so that its reply may depend on anything: it is not cached.`);
    return false;
  }
}

interface ReplyCallParts {
  readonly where: string;
  readonly read: BoundRead;
  readonly request: RequestLike;
  readonly response: ResponseLike;
  readonly next: CallHandler;
  readonly warn: (message: string) => void;
}

/** One request whose reply may be cached. */
class ReplyCall {
  readonly #parts: ReplyCallParts;

  constructor(parts: ReplyCallParts) {
    this.#parts = parts;
  }

  async answer(): Promise<unknown> {
    const { where, read, request, response, next } = this.#parts;
    const args = [request.headers?.['host'], request.originalUrl ?? request.url];
    const result = await read.read({
      key: keyOfCall(`GET ${where}`, args),
      args,
      load: (context) => this.#load(context),
      onAnswered: ({ entry, by }) => {
        if (by === 'memory') tellHit(response, read.standingOf(entry));
        else tellMiss(response, by === 'stored-load' ? 'stored' : 'unstored');
      },
    });
    if (!(result instanceof PassedOn)) return result;
    return result.owner === this ? result.value : next.handle();
  }

  async #load(context: LoadContext<unknown>): Promise<unknown> {
    const { where, read, response, next, warn } = this.#parts;
    const statusBefore = response.statusCode;
    const emission = await watch(next.handle(), read.clock, context.signal);
    const value: unknown = 'single' in emission ? emission.single : emission.passedOn;
    if (!('single' in emission) || isStream(value)) {
      warn(`${where} replies with a stream, or not with one value: it is passed on and not cached.`);
      context.skip();
      return new PassedOn('single' in emission ? of(value) : value, this);
    }
    if (isLargeBuffer(value))
      warn(`${where} replies with more than ${LARGEST_BUFFER} bytes at once: that is not cached.`);
    // A status that the handler chose itself would be missing from the next reply.
    if (isLargeBuffer(value) || response.statusCode !== statusBefore) context.skip();
    return value;
  }
}
