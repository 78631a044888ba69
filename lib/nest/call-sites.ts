import { Inject, Injectable } from '@nestjs/common';
import { LayerCacheConfigError, LayerCacheKeyError, messageOf } from '../core/errors.js';
import type { LayerCache } from '../engine/engine.js';
import { keyOfCall } from '../policy/key.js';
import { mistakeIn } from './call-site.checks.js';
import { type Application, isOfAnother } from './application.js';
import { type Around, CallSite, type KeptSite } from './call-site.js';
import { atPlace, cacheNameOf, refuseBadName, resolveCached } from './cached-options.js';
import type { Class } from './decorator-types.js';
import { FunctionFault } from './faults.js';
import { isRawResolver, routeParameterOf } from './http/route-parameter.js';
import { LayerCacheInterceptor } from './layer-cache.interceptor.js';
import type { LayerCaches, RunningCache } from './layer-caches.js';
import { declarationsFor, isOverridden, type MethodDeclaration, whereOf } from './method-declaration.js';
import { LAYER_CACHES } from './tokens.js';

/** The call sites of one application: finds the one of an instance's method, and makes it when it is first asked for. */
@Injectable()
export class CallSites implements Application {
  readonly caches: LayerCaches;
  readonly #around: Around;
  readonly #sites = new WeakMap<object, Map<MethodDeclaration, CallSite>>();
  /** Whose every name is, in each cache. */
  readonly #owners = new Map<string, { readonly prototype: object; readonly declaration: MethodDeclaration }>();
  #isComplete = false;

  constructor(
    @Inject(LAYER_CACHES) caches: LayerCaches,
    @Inject(LayerCacheInterceptor) interceptor: LayerCacheInterceptor,
  ) {
    this.caches = caches;
    this.#around = (site, self, args) => interceptor.around(site, self, args);
  }

  /**
   * The call site that serves this method of this instance, kept on the instance; undefined where the method is to run
   * uncached: it is reached by `super`, its cache is not there yet, or the site serves another instance.
   */
  bind(instance: object, declaration: MethodDeclaration): CallSite | undefined {
    const prototype = Object.getPrototypeOf(instance) as object;
    if (!declarationsFor(prototype).includes(declaration)) return undefined;
    const site = this.#siteOrError(prototype, declaration);
    if (site === undefined) return undefined;
    if (isOfAnother(instance, this)) {
      this.caches.error(`${site.where} runs uncached on an instance that is in two running applications.`);
      Reflect.deleteProperty(instance, declaration.site);
      return undefined;
    }
    if (!site.serves(instance)) {
      this.caches.error(
        `${site.where} runs uncached on a second instance of its class, which may answer otherwise than the first. ` +
          'Write shared: true if they answer alike, or a key that tells them apart.',
      );
      return undefined;
    }
    // Where it cannot be kept it is looked for at every call.
    const kept: KeptSite = { site, self: instance };
    Reflect.defineProperty(instance, declaration.site, { value: kept, configurable: true });
    return site;
  }

  /** The call site of a class's method. Throws a LayerCacheConfigError where its decorators cannot work. */
  siteOf(prototype: object, declaration: MethodDeclaration): CallSite {
    const sites = this.#sites.get(prototype) ?? new Map<MethodDeclaration, CallSite>();
    this.#sites.set(prototype, sites);
    const site = sites.get(declaration) ?? this.#newSite(prototype, declaration);
    sites.set(declaration, site);
    return site;
  }

  /** Says that the application is complete: a cache that is not there now will not come. */
  complete(): void {
    this.#isComplete = true;
  }

  /** Whether it is, and nothing in it was found to be wrong. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** The key of a call of a class's method, and the cache that has it. */
  keyOf(type: Class, method: string, args: readonly unknown[]): { readonly key: string; readonly engine: LayerCache } {
    const prototype = type.prototype as object;
    const declaration = declarationsFor(prototype).find((one) => one.method === method && one.cached.length > 0);
    if (declaration === undefined) {
      throw new LayerCacheKeyError(`${type.name}.${method} has no @Cached, so there is no key of it.`);
    }
    const site = this.siteOf(prototype, declaration);
    try {
      const keyArgs = site.keyArguments(site.onlyInstance ?? noInstanceOf(site.where), args);
      return { key: keyOfCall(site.name, keyArgs), engine: site.cache.engine };
    } catch (error) {
      throw error instanceof FunctionFault ? error.cause : error;
    }
  }

  /** While an application starts, a cache may still come. What goes wrong afterwards cannot stop the start any more. */
  #siteOrError(prototype: object, declaration: MethodDeclaration): CallSite | undefined {
    if (!this.#isComplete && this.caches.get(cacheNameOf(declaration)) === undefined) return undefined;
    try {
      return this.siteOf(prototype, declaration);
    } catch (error) {
      const where = whereOf(prototype, declaration);
      // An error of ours names the place itself, and may be longer than what is shown of others.
      const why = error instanceof LayerCacheConfigError ? error.message.replace(`${where}: `, '') : messageOf(error);
      this.caches.error(`${where} runs uncached: ${why}`);
      return undefined;
    }
  }

  #newSite(prototype: object, declaration: MethodDeclaration): CallSite {
    const where = whereOf(prototype, declaration);
    const mistake = mistakeIn(declaration);
    if (mistake !== undefined) throw new LayerCacheConfigError(mistake, where);
    const { options, policy, original } = resolveCached(declaration, where);
    const cache = this.#cacheOf(declaration, where);
    const name = options.name ?? where;
    refuseBadName(name, where);
    this.#claim(`${cache.name} ${name}`, name, { prototype, declaration });
    return new CallSite({
      where,
      name,
      cache,
      reads: atPlace(where, () => cache.engine.bind(name, policy)),
      options,
      original,
      declaration,
      routeParameter: routeParameterOf(prototype, declaration.method),
      hidesRequest: hidesRequest(prototype, declaration),
      isRawResolver: isRawResolver(prototype, declaration),
      around: this.#around,
      warn: this.caches.warn,
    });
  }

  #cacheOf(declaration: MethodDeclaration, where: string): RunningCache {
    const got = cacheNameOf(declaration);
    const cache = this.caches.get(got);
    if (cache !== undefined) return cache;
    const names = this.caches.all().map(({ name }) => `'${name}'`);
    throw new LayerCacheConfigError({ option: 'cache', got, takes: `the name of a cache: ${names.join(', ')}` }, where);
  }

  /** Two methods of one name in one cache would share values. */
  #claim(id: string, name: string, owner: { prototype: object; declaration: MethodDeclaration }): void {
    const first = this.#owners.get(id) ?? owner;
    this.#owners.set(id, first);
    if (first.prototype === owner.prototype && first.declaration === owner.declaration) return;
    const where = whereOf(owner.prototype, owner.declaration);
    const firstWhere = whereOf(first.prototype, first.declaration);
    const other = firstWhere === where ? 'another class of the same name' : firstWhere;
    const problem =
      `its name in the key, '${name}', is also that of ${other}, so that they would share values. ` +
      'Write @Cached({ name: … }) on one of them.';
    throw new LayerCacheConfigError({ option: 'name', problem }, where);
  }
}

/**
 * Whether another decorator stands in front of ours on a handler, and may keep from us the parameter by which the request is
 * handed in.
 */
function hidesRequest(prototype: object, declaration: MethodDeclaration): boolean {
  const { method, front } = declaration;
  if (routeParameterOf(prototype, method) === undefined || isOverridden(prototype, declaration)) return false;
  return Reflect.get(prototype, method) !== front;
}

/** Stands for `this` where there is no one instance to ask: what a `key` function needs of it is an error. */
function noInstanceOf(where: string): object {
  const refuse = (): never => {
    throw new LayerCacheKeyError(
      `key() of ${where} uses this, and there is no one instance of its class to ask: the key cannot be told from outside.`,
    );
  };
  return new Proxy({}, { get: refuse, has: refuse });
}
