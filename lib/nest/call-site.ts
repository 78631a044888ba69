import type { CachePolicy } from '../policy/resolve-policy.js';
import { resolvePolicy } from '../policy/resolve-policy.js';
import type { BoundRead } from '../engine/bound-read.js';
import type { CachedOptions, TagFunction, TagSource } from './decorator-types.js';
import { type FunctionFault, runDecoratorFunction } from './faults.js';
import type { RunningCache } from './layer-caches.js';
import type { RouteParameter } from './http/route-parameter.js';
import type { Method, MethodDeclaration } from './method-declaration.js';
import { tagsOf } from './tags.js';

/** Answers a call of a method: the interceptor's. */
export type Around = (site: CallSite, self: object, args: unknown[]) => unknown;

/** What comes of a function of a decorator's that fails. */
const CONSEQUENCES = {
  uncached: (where: string) => `${where} ran uncached`,
  unstored: (where: string) => `the result of ${where} was not stored`,
};

/** What a call site is made of. */
export interface CallSiteParts {
  /** `Class.method`, as messages name it. */
  readonly where: string;
  /** The first part of its keys. */
  readonly name: string;
  readonly cache: RunningCache;
  readonly reads: BoundRead;
  readonly options: CachedOptions;
  readonly original: Method;
  readonly declaration: MethodDeclaration;
  /** Where Nest hands in the request; undefined where it hands in none. */
  readonly routeParameter: RouteParameter | undefined;
  /** Whether it is a handler whose request may be kept from it by another decorator. */
  readonly hidesRequest: boolean;
  /** Whether it is a resolver that is given GraphQL's own arguments. */
  readonly isRawResolver: boolean;
  readonly around: Around;
  /** Says something once. */
  readonly warn: (message: string) => void;
}

/** One decorated method of one class in one application: what its decorators say, bound to its cache once. */
export class CallSite {
  readonly where: string;
  readonly name: string;
  readonly cache: RunningCache;
  readonly reads: BoundRead;
  readonly options: CachedOptions;
  readonly original: Method;
  readonly routeParameter: RouteParameter | undefined;
  readonly hidesRequest: boolean;
  readonly isRawResolver: boolean;
  readonly around: Around;
  readonly returnsObservable: boolean;
  /** Whether a lone argument alone decides what the answer is. */
  readonly hitsByArgument: boolean;
  /** Cleared when it turns out that the method returns what cannot be cached. */
  isCacheable = true;
  readonly resultTags: readonly TagFunction[];
  readonly #tagFunctions: readonly TagSource[];
  readonly #warn: (message: string) => void;
  /** The instance it serves, the first it was asked for. */
  #owner: WeakRef<object> | undefined;
  /** Whether it may serve others too: they give the same answers, or the key tells them apart. */
  #mayServeMany: boolean;
  #servesMany = false;

  constructor({ declaration, ...parts }: CallSiteParts) {
    this.where = parts.where;
    this.name = parts.name;
    this.cache = parts.cache;
    this.reads = parts.reads;
    this.options = parts.options;
    this.original = parts.original;
    this.routeParameter = parts.routeParameter;
    this.hidesRequest = parts.hidesRequest;
    this.isRawResolver = parts.isRawResolver;
    this.around = parts.around;
    this.returnsObservable = declaration.returnsObservable;
    const { when, key, shared } = parts.options;
    const mustBeSeen = parts.hidesRequest && shared !== true;
    this.hitsByArgument = when === undefined && key === undefined && !declaration.returnsObservable && !mustBeSeen;
    this.resultTags = declaration.resultTags;
    this.#tagFunctions = declaration.tags.filter((tag) => typeof tag !== 'string');
    this.#warn = parts.warn;
    this.#mayServeMany = parts.options.shared === true || parts.options.key !== undefined;
  }

  /** Says that instances of its class are made as they are needed, and that something besides the arguments is in the key. */
  serveMany(): void {
    this.#mayServeMany = true;
    this.#servesMany = true;
  }

  /** Whether it serves an instance: the first one, or any where that is right. */
  serves(instance: object): boolean {
    this.#owner ??= new WeakRef(instance);
    if (this.#owner.deref() === instance) return true;
    if (this.#mayServeMany) this.#servesMany = true;
    return this.#mayServeMany;
  }

  /** The instance it serves, where there is but one. */
  get onlyInstance(): object | undefined {
    return this.#servesMany ? undefined : this.#owner?.deref();
  }

  /** What the key is made from: the arguments, or what `key` makes of them. */
  keyArguments(self: unknown, args: readonly unknown[]): readonly unknown[] {
    const { key } = this.options;
    if (key === undefined) return args;
    return this.ask('key()', () => {
      const made: unknown = key.apply(self, args as unknown[]);
      if (made !== undefined && made !== null && made !== '') return [made];
      throw new TypeError(
        `it returned ${made === '' ? 'an empty string' : String(made)}, by which calls cannot be told apart`,
      );
    });
  }

  /** The policy of one call. */
  policyOf(self: unknown, args: readonly unknown[]): CachePolicy {
    if (this.#tagFunctions.length === 0) return this.reads.policy;
    const tags = this.ask('the tag function', () => tagsOf(this.#tagFunctions, self, args));
    return resolvePolicy(this.reads.policy, { tags });
  }

  /** Runs a function of a decorator's. */
  ask<T>(which: string, run: () => T): T {
    return runDecoratorFunction(which, run);
  }

  /** Tells what failed, and what came of it. */
  report({ which, cause }: FunctionFault, consequence: keyof typeof CONSEQUENCES): void {
    this.reads.report(`${CONSEQUENCES[consequence](this.where)}, because ${which} failed`, cause);
  }

  /** From now on its calls run uncached. */
  stopCaching(why: string): void {
    this.isCacheable = false;
    this.warn(why);
  }

  warn(message: string): void {
    this.#warn(`${this.where} ${message}`);
  }
}

/** A call site as an instance keeps it. A copy of the instance, or what inherits from it, keeps it too, and may answer otherwise. */
export interface KeptSite {
  readonly site: CallSite;
  readonly self: object;
}
