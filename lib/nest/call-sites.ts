import { Inject, Injectable, Logger } from '@nestjs/common';
import { ModulesContainer, type ModuleRef } from '@nestjs/core';
import { LayerCacheConfigError, LayerCacheKeyError, messageOf } from '../core/errors.js';
import { keyOfCall } from '../policy/key.js';
import { type Around, CallSite } from './call-site.js';
import { DEFAULT_CACHE } from './cache.token.js';
import { atPlace, optionsOf, refuseBadName } from './cached-options.js';
import type { Class } from './decorator-types.js';
import { FunctionFault } from './faults.js';
import { hostOf } from './host.js';
import { routeParameterOf } from './http/route-parameter.js';
import { LayerCacheInterceptor } from './layer-cache.interceptor.js';
import type { LayerCaches, RunningCache } from './layer-caches.js';
import { declarationsFor, type MethodDeclaration } from './method-declaration.js';
import { CALL_SITES, LAYER_CACHES, LOGGER_CONTEXT } from './tokens.js';

/** What is known of one class's method: its call site, and whose it is. */
interface Place {
  readonly site: CallSite;
  /** The one instance it serves; undefined before there is one. */
  owner: WeakRef<object> | undefined;
  /** Whether its instances give the same answers, or the key tells them apart. */
  servesMany: boolean;
}

/** The call sites of one application: finds the one of an instance's method, and makes it when it is first asked for. */
@Injectable()
export class CallSites {
  readonly interceptor: LayerCacheInterceptor;
  readonly #caches: LayerCaches;
  readonly #around: Around;
  readonly #logger = new Logger(LOGGER_CONTEXT);
  readonly #said = new Set<string>();
  readonly #places = new WeakMap<object, Map<MethodDeclaration, Place>>();

  constructor(
    @Inject(LAYER_CACHES) caches: LayerCaches,
    @Inject(LayerCacheInterceptor) interceptor: LayerCacheInterceptor,
  ) {
    this.#caches = caches;
    this.interceptor = interceptor;
    this.#around = (site, self, args) => interceptor.around(site, self, args);
  }

  /** Nest puts bare prototypes in the place of providers that it has not constructed yet. */
  static isMade(sites: CallSites): boolean {
    return #places in sites;
  }

  /**
   * The call site that serves this method of this instance, kept on the instance; undefined where the method is to run
   * uncached: it is reached by `super`, its cache is not there yet, or the site serves another instance.
   */
  bind(instance: object, declaration: MethodDeclaration): CallSite | undefined {
    const prototype = Object.getPrototypeOf(instance) as object;
    if (!declarationsFor(prototype).includes(declaration)) return undefined;
    const place = this.#placeOrWarn(prototype, declaration);
    if (place === undefined || !this.#serves(place, instance)) return undefined;
    if (Object.isExtensible(instance)) {
      Object.defineProperty(instance, declaration.site, { value: place.site, configurable: true });
    }
    return place.site;
  }

  /** The call site of a class's method. Throws a LayerCacheConfigError where its decorators cannot work. */
  siteOf(prototype: object, declaration: MethodDeclaration): CallSite {
    const cacheName = cacheNameOf(declaration);
    const cache = this.#caches.get(cacheName);
    if (cache !== undefined) return this.#placeIn(cache, prototype, declaration).site;
    const names = this.#caches.all().map(({ name }) => `'${name}'`);
    const where = whereOf(prototype, declaration);
    throw new LayerCacheConfigError(
      { option: 'cache', got: cacheName, takes: `the name of a cache: ${names.join(', ')}` },
      where,
    );
  }

  /** Says that a call site serves every instance of its class. */
  serveMany(prototype: object, declaration: MethodDeclaration): void {
    const place = this.#places.get(prototype)?.get(declaration);
    if (place !== undefined) place.servesMany = true;
  }

  /** The key of a call of a class's method, and the name of its cache. */
  keyOf(type: Class, method: string, args: readonly unknown[]): { readonly key: string; readonly cache: string } {
    const prototype = type.prototype as object;
    const declaration = declarationsFor(prototype).find((one) => one.method === method && one.cached.length > 0);
    if (declaration === undefined) {
      throw new LayerCacheKeyError(`${type.name}.${method} has no @Cached, so there is no key of it.`);
    }
    const site = this.siteOf(prototype, declaration);
    const owner = this.#places.get(prototype)?.get(declaration)?.owner?.deref();
    try {
      return {
        key: keyOfCall(site.name, site.keyArguments(owner, args)),
        cache: site.options.cache ?? DEFAULT_CACHE,
      };
    } catch (error) {
      throw error instanceof FunctionFault ? error.cause : error;
    }
  }

  /** Says something once in the life of the application. */
  readonly warn = (message: string): void => {
    if (this.#isNew(message)) this.#logger.warn(message);
  };

  #placeOrWarn(prototype: object, declaration: MethodDeclaration): Place | undefined {
    try {
      const cache = this.#caches.get(cacheNameOf(declaration));
      return cache && this.#placeIn(cache, prototype, declaration);
    } catch (error) {
      const message = `${whereOf(prototype, declaration)} runs uncached: ${messageOf(error)}`;
      if (this.#isNew(message)) this.#logger.error(message);
      return undefined;
    }
  }

  #placeIn(cache: RunningCache, prototype: object, declaration: MethodDeclaration): Place {
    const places = this.#places.get(prototype) ?? new Map<MethodDeclaration, Place>();
    this.#places.set(prototype, places);
    const place = places.get(declaration) ?? this.#newPlace(cache, prototype, declaration);
    places.set(declaration, place);
    return place;
  }

  #newPlace(cache: RunningCache, prototype: object, declaration: MethodDeclaration): Place {
    const where = whereOf(prototype, declaration);
    const { options, policy, original } = optionsOf(declaration, where);
    const name = options.name ?? where;
    refuseBadName(name, where);
    const site = new CallSite({
      where,
      name,
      read: atPlace(where, () => cache.engine.bind(name, policy)),
      options,
      original,
      declaration,
      routeParameter: routeParameterOf(prototype, declaration.method),
      around: this.#around,
      warn: this.warn,
    });
    return { site, owner: undefined, servesMany: options.shared === true || options.key !== undefined };
  }

  #serves(place: Place, instance: object): boolean {
    place.owner ??= new WeakRef(instance);
    if (place.servesMany || place.owner.deref() === instance) return true;
    const message =
      `${place.site.where} runs uncached on a second instance of its class, which may answer otherwise than the first. ` +
      'Write shared: true if they answer alike, or a key that tells them apart.';
    if (this.#isNew(message)) this.#logger.error(message);
    return false;
  }

  #isNew(message: string): boolean {
    if (this.#said.has(message)) return false;
    this.#said.add(message);
    return true;
  }
}

function cacheNameOf(declaration: MethodDeclaration): string {
  return optionsOf(declaration).cache ?? DEFAULT_CACHE;
}

/** A method as messages name it: by the class Nest made the instance of. */
export function whereOf(prototype: object, { method }: MethodDeclaration): string {
  return `${prototype.constructor.name}.${method}`;
}

/** Per module: its application's call sites, or null where there are none to be had. */
const sitesByHost = new WeakMap<ModuleRef, CallSites | null>();
const warned = new WeakSet<ModulesContainer>();

/** The call sites of the application an instance lives in; undefined where it lives in none, or in one without the module. */
export function callSitesOf(instance: object): CallSites | undefined {
  const host = hostOf(instance);
  if (host === undefined) return undefined;
  const known = sitesByHost.get(host);
  if (known !== undefined) return known ?? undefined;
  const sites = lookUp(host);
  if (sites !== null && !CallSites.isMade(sites)) return undefined;
  sitesByHost.set(host, sites);
  if (sites === null) warnOfMissingModule(host, instance);
  return sites ?? undefined;
}

function lookUp(host: ModuleRef): CallSites | null {
  try {
    return host.get<CallSites>(CALL_SITES, { strict: false });
  } catch {
    return null;
  }
}

function warnOfMissingModule(host: ModuleRef, instance: object): void {
  const application = host.get(ModulesContainer, { strict: false });
  if (warned.has(application)) return;
  warned.add(application);
  new Logger(LOGGER_CONTEXT).warn(
    `${instance.constructor.name} has methods with @Cached or @InvalidateTags, which run uncached: ` +
      'add LayerCacheModule.forRoot() to the imports of your AppModule.',
  );
}
