import { isObservable } from 'rxjs';
import { LayerCacheConfigError } from '../core/errors.js';
import type { BypassReason } from '../core/observer.js';
import type { BoundCall } from '../engine/bound-read.js';
import type { Answered } from '../engine/call.js';
import type { LoadContext } from '../engine/load-context.js';
import { keyOfCall } from '../policy/key.js';
import type { CachePolicyOptions } from '../policy/options.js';
import type { CachePolicy } from '../policy/resolve-policy.js';
import type { CallSite } from './call-site.js';
import type { Class } from './decorator-types.js';
import { FunctionFault } from './faults.js';
import { tellBypass, tellHit, tellMiss } from './http/cache-status.js';
import { carriesCredentials } from './http/credentials.js';
import type { RouteCall } from './http/route-call.js';
import { endUnread, isLargeBuffer, isStream, LARGEST_BUFFER, PassedOn } from './passed-on.js';
import { watch } from './single-value.js';
import { resultTagsOf } from './tags.js';

/**
 * One call of a cached method that a lone argument did not answer: the rules, the key, the read, the load.
 *
 * It hands itself to the engine, and is made by `new` alone: V8 would come to keep what a literal makes among the old objects,
 * once enough of them had waited for loads, and every request that one of those refers to as well.
 */
export class CachedCall implements BoundCall {
  /** Its key, once it is known. */
  key: string;
  /** What the key is made from. */
  args: readonly unknown[];
  readonly #site: CallSite;
  readonly #self: object;
  readonly #given: readonly unknown[];
  readonly #route: RouteCall | undefined;
  /** Whether a pipe put something in the place of the request. */
  readonly #isRequestReplaced: boolean;
  #policy: CachePolicy | undefined;
  #isFromTier = false;

  constructor(site: CallSite, self: object, given: readonly unknown[], route: RouteCall | undefined) {
    const { routeParameter } = site;
    this.#isRequestReplaced =
      route === undefined && routeParameter !== undefined && given.length === routeParameter.index + 1;
    this.#given = this.#isRequestReplaced ? given.slice(0, routeParameter?.arity) : given;
    this.key = site.name;
    this.args = this.#given;
    this.#site = site;
    this.#self = self;
    this.#route = route;
  }

  answer(): Promise<unknown> {
    try {
      const reason = this.#reasonToBypass();
      return reason === undefined ? this.#read() : this.#bypass(reason);
    } catch (error) {
      if (!(error instanceof FunctionFault)) return Promise.reject(error as Error);
      this.#site.report(error, 'uncached');
      return this.#bypass('function-failed');
    }
  }

  #reasonToBypass(): BypassReason | undefined {
    const site = this.#site;
    if (!site.reads.isEnabled) return 'disabled';
    if (!site.isCacheable) return 'stream';
    if (site.options.shared !== true && this.#mayBePrivate()) return 'credentials';
    const { when } = site.options;
    return when === undefined || site.ask('when()', () => when.apply(this.#self, this.#given as unknown[]))
      ? undefined
      : 'when';
  }

  /** A request that a pipe has put something else in place of is as good as one with credentials: nobody knows. */
  #mayBePrivate(): boolean {
    if (this.#isRequestReplaced) {
      this.#site.warn(
        'runs uncached, because a pipe replaced its last parameter, by which the cache learns of the request. ' +
          "Let the pipe pass on what has metadata.type 'custom'.",
      );
      return true;
    }
    if (this.#route === undefined && this.#site.hidesRequest) {
      this.#site.warn(
        'runs uncached, because a decorator in front of @Cached did not hand on the parameter by which the cache learns of the ' +
          'request. Put @Cached in front of it, or let it hand on all arguments.',
      );
      return true;
    }
    const request = this.#route?.request;
    if (request === undefined || !carriesCredentials(request)) return false;
    this.#site.warn(
      'is not cached for requests with an Authorization or Cookie header or a user. ' +
        'If its reply depends on its key alone, so that callers with the same key may share it, write @Cached({ shared: true }).',
    );
    return true;
  }

  #read(): Promise<unknown> {
    const site = this.#site;
    this.args = site.keyArguments(this.#self, this.#given);
    const entry = this.args.length === 1 ? site.reads.hit(this.args[0]) : undefined;
    if (entry !== undefined) {
      if (this.#route?.response !== undefined) tellHit(this.#route.response, site.reads.standingOf(entry));
      return entry.answer();
    }
    this.key = this.args === this.#given ? keyOfCall(site.name, this.args) : this.#ownKey();
    const answer = site.reads.read(this) as Promise<unknown>;
    return this.#isFromTier ? answer : this.#unlessPassedOn(answer);
  }

  #ownKey(): string {
    return this.#site.ask('key()', () => keyOfCall(this.#site.name, this.args));
  }

  /** Decided when something must be loaded. Kept, so that a tag function is asked once. */
  policy(): CachePolicy {
    this.#policy ??= this.#site.policyOf(this.#self, this.#given);
    return this.#policy;
  }

  get type(): Class | undefined {
    return this.#site.options.type;
  }

  onAnswered({ entry, by }: Answered): void {
    this.#isFromTier = by === 'tier';
    const response = this.#route?.response;
    if (response === undefined) return;
    if (this.#isFromTier) tellHit(response, this.#site.reads.standingOf(entry));
    else tellMiss(response, by === 'stored-load' ? 'stored' : 'unstored');
  }

  async #unlessPassedOn(answer: unknown): Promise<unknown> {
    const result = await answer;
    if (!(result instanceof PassedOn)) return result;
    return result.owner === this ? result.value : this.#bypass('stream');
  }

  #bypass(reason: BypassReason): Promise<unknown> {
    try {
      return Promise.resolve(this.#site.reads.bypass(this, reason));
    } catch (error) {
      return Promise.reject(error as Error);
    }
  }

  runUncached(): unknown {
    if (this.#route?.response !== undefined) tellBypass(this.#route.response);
    return this.#run();
  }

  #run(): unknown {
    return this.#site.original.apply(this.#self, this.#given as unknown[]);
  }

  load(context: LoadContext<unknown>): Promise<unknown> {
    const isAnother = this.#hasAnotherKey();
    const statusBefore = this.#route?.response?.statusCode;
    const result = this.#run();
    const loaded = isObservable(result)
      ? this.#loadObservable(result, context)
      : Promise.resolve(result).then((value) => this.#loaded(value, context));
    if (!isAnother && statusBefore === undefined) return loaded;
    return loaded.then((value) => {
      if (isAnother) return this.#passOn(value, context);
      if (this.#route?.response?.statusCode === statusBefore) return value;
      this.#site.warn('sets the status of its reply itself, which a hit would not have: such a reply is not cached.');
      context.skip();
      return value;
    });
  }

  /** Whether its arguments have changed since it waits for its turn, so that what it loads is not what its key stands for. */
  #hasAnotherKey(): boolean {
    if (!this.#given.some((argument) => typeof argument === 'object' && argument !== null)) return false;
    const { key, args } = this;
    try {
      return this.#site.options.key === undefined && keyOfCall(this.#site.name, args) !== key;
    } catch {
      // It could be made before, so it is another.
      return true;
    }
  }

  async #loadObservable(source: Parameters<typeof watch>[0], context: LoadContext<unknown>): Promise<unknown> {
    const site = this.#site;
    if (!site.returnsObservable) {
      site.warn(
        'returns an Observable; its callers get a promise. Write its return type as Observable<…>, imported as a value, for one.',
      );
    }
    const emission = await watch(source, site.reads.clock, context.signal);
    if ('single' in emission) return this.#loaded(emission.single, context);
    site.stopCaching('is not cached any more: its Observable does not emit one value and complete. Remove @Cached.');
    return this.#passOn(emission.passedOn, context);
  }

  #loaded(value: unknown, context: LoadContext<unknown>): unknown {
    const site = this.#site;
    if (isStream(value)) {
      site.warn('returns a stream, which has one reader only: it is passed on and not cached. Remove @Cached.');
      return this.#passOn(value, context);
    }
    if (this.#route !== undefined && isLargeBuffer(value)) {
      context.skip();
      site.warn(`returns more than ${LARGEST_BUFFER} bytes at once: such a reply is sent and not cached.`);
      return value;
    }
    try {
      this.#decide(value, context);
    } catch (error) {
      context.skip();
      if (!(error instanceof FunctionFault)) throw error;
      site.report(error, 'unstored');
    }
    return value;
  }

  /** Hands the result to this call alone; to nobody, if it was given an old value meanwhile. */
  #passOn(value: unknown, context: LoadContext<unknown>): PassedOn {
    context.skip();
    if (this.#isFromTier) endUnread(value);
    return new PassedOn(value, this);
  }

  /** How the result is kept, by the functions that are given it. */
  #decide(result: unknown, context: LoadContext<unknown>): void {
    const { options, resultTags } = this.#site;
    const self = this.#self;
    const args = this.#given;
    const { shouldCache, adapt } = options;
    if (shouldCache !== undefined && !this.#site.ask('shouldCache()', () => shouldCache.call(self, result, ...args))) {
      context.skip();
    }
    if (adapt !== undefined) {
      const overrides = this.#site.ask('adapt()', () => adapt.call(self, result, ...args));
      if (overrides !== undefined) this.#site.ask('adapt()', () => adaptBy(overrides, context));
    }
    if (resultTags.length > 0) {
      const tags = this.#site.ask('the tag function', () => resultTagsOf(resultTags, self, { result, args }));
      context.adapt({ tags });
    }
  }
}

/** A bad option is told without what was given for it: that may be data of the result. */
function adaptBy(overrides: CachePolicyOptions, context: LoadContext<unknown>): void {
  try {
    context.adapt(overrides);
  } catch (error) {
    throw error instanceof LayerCacheConfigError ? new TypeError(`it returned a bad option: ${error.option}`) : error;
  }
}
