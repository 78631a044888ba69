import type { CachePolicy } from '../policy/resolve-policy.js';
import { resolvePolicy } from '../policy/resolve-policy.js';
import type { BoundRead } from '../engine/bound-read.js';
import type { CachedOptions, TagFunction, TagSource } from './decorator-types.js';
import { type FunctionFault, runDecoratorFunction } from './faults.js';
import type { RouteParameter } from './http/route-parameter.js';
import type { Method, MethodDeclaration } from './method-declaration.js';
import { tagsOf } from './tags.js';

/** Answers a call of a method: the interceptor's. */
export type Around = (site: CallSite, self: object, args: unknown[]) => unknown;

/** What a call site is made of. */
export interface CallSiteParts {
  /** Of the instances it serves. */
  readonly prototype: object;
  /** `Class.method`, as messages name it. */
  readonly where: string;
  /** The first part of its keys. */
  readonly name: string;
  readonly read: BoundRead;
  readonly options: CachedOptions;
  readonly original: Method;
  readonly declaration: MethodDeclaration;
  /** Where Nest hands in the request; undefined where it hands in none. */
  readonly routeParameter: RouteParameter | undefined;
  /** Whether it is a resolver that is given GraphQL's own arguments. */
  readonly isRawResolver: boolean;
  readonly around: Around;
  /** Says something once. */
  readonly warn: (message: string) => void;
}

/** One decorated method of one class in one application: what its decorators say, bound to its cache once. */
export class CallSite {
  readonly prototype: object;
  readonly where: string;
  readonly name: string;
  readonly read: BoundRead;
  readonly options: CachedOptions;
  readonly original: Method;
  readonly routeParameter: RouteParameter | undefined;
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

  constructor({ declaration, ...parts }: CallSiteParts) {
    this.prototype = parts.prototype;
    this.where = parts.where;
    this.name = parts.name;
    this.read = parts.read;
    this.options = parts.options;
    this.original = parts.original;
    this.routeParameter = parts.routeParameter;
    this.isRawResolver = parts.isRawResolver;
    this.around = parts.around;
    this.returnsObservable = declaration.returnsObservable;
    this.hitsByArgument =
      parts.options.when === undefined && parts.options.key === undefined && !declaration.returnsObservable;
    this.resultTags = declaration.resultTags;
    this.#tagFunctions = declaration.tags.filter((tag) => typeof tag !== 'string');
    this.#warn = parts.warn;
  }

  /** What the key is made from: the arguments, or what `key` makes of them. */
  keyArguments(self: unknown, args: readonly unknown[]): readonly unknown[] {
    const { key } = this.options;
    if (key === undefined) return args;
    const made: unknown = this.ask('key()', () => key.apply(self, args as unknown[]));
    if (made !== undefined && made !== null && made !== '') return [made];
    return this.ask('key()', () => {
      throw new TypeError(
        `it returned ${made === '' ? 'an empty text' : String(made)}; it takes what tells calls apart`,
      );
    });
  }

  /** The policy of one call. */
  policyOf(self: unknown, args: readonly unknown[]): CachePolicy {
    if (this.#tagFunctions.length === 0) return this.read.policy;
    const tags = this.ask('the tag function', () => tagsOf(this.#tagFunctions, self, args));
    return resolvePolicy(this.read.policy, { tags });
  }

  /** Runs a function of a decorator's. */
  ask<T>(which: string, run: () => T): T {
    return runDecoratorFunction(`${which} of ${this.where}`, run);
  }

  report(fault: FunctionFault): void {
    this.read.complain(fault.which, fault.cause);
  }

  warn(message: string): void {
    this.#warn(`${this.where} ${message}`);
  }
}
