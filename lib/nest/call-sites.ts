import { Inject, Injectable, Logger } from '@nestjs/common';
import { ModulesContainer, type ModuleRef } from '@nestjs/core';
import { LayerCacheConfigError, LayerCacheKeyError, messageOf } from '../core/errors.js';
import { keyOfCall } from '../policy/key.js';
import { type Around, CallSite } from './call-site.js';
import { DEFAULT_CACHE } from './cache.token.js';
import { atPlace, optionsOf, refuseBadName } from './cached-options.js';
import { mistakeIn } from './call-site.checks.js';
import type { CachedOptions, Class } from './decorator-types.js';
import { FunctionFault } from './faults.js';
import { hostOf } from './host.js';
import { isRawResolver, routeParameterOf } from './http/route-parameter.js';
import { LayerCacheInterceptor } from './layer-cache.interceptor.js';
import type { LayerCaches, RunningCache } from './layer-caches.js';
import { declarationsFor, type MethodDeclaration } from './method-declaration.js';
import { CALL_SITES, LAYER_CACHES, LOGGER_CONTEXT } from './tokens.js';

/** What is known of one class's method: its call site, and whose it is. */
interface Place {
  readonly site: CallSite;
  /** The one instance it serves, the first; undefined before there is one. */
  owner: WeakRef<object> | undefined;
  /** Whether it may serve others too: they give the same answers, or the key tells them apart. */
  servesMany: boolean;
  /** Whether it does. */
  hasMany: boolean;
}

/** The call sites of one application: finds the one of an instance's method, and makes it when it is first asked for. */
@Injectable()
export class CallSites {
  readonly interceptor: LayerCacheInterceptor;
  readonly #caches: LayerCaches;
  readonly #around: Around;
  readonly #places = new WeakMap<object, Map<MethodDeclaration, Place>>();
  /** Whose every name is, in each cache. */
  readonly #owners = new Map<string, { readonly prototype: object; readonly declaration: MethodDeclaration }>();
  #isStarted = false;

  constructor(
    @Inject(LAYER_CACHES) caches: LayerCaches,
    @Inject(LayerCacheInterceptor) interceptor: LayerCacheInterceptor,
  ) {
    this.#caches = caches;
    this.interceptor = interceptor;
    this.#around = (site, self, args) => interceptor.around(site, self, args);
  }

  /** Nest puts bare prototypes in the place of providers that it has not constructed yet. Asked of those of another copy of this class too. */
  static isMade(sites: CallSites): boolean {
    return Object.hasOwn(sites, 'interceptor');
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
    return this.#placeIn(this.#cacheOf(prototype, declaration), prototype, declaration).site;
  }

  /** Says that instances of a class are made as they are needed, and that the call site may serve all. */
  serveMany(prototype: object, declaration: MethodDeclaration): void {
    const place = this.#places.get(prototype)?.get(declaration);
    if (place === undefined) return;
    place.servesMany = true;
    place.hasMany = true;
  }

  /** Says that the application is complete: a cache that is not there now will not come. */
  start(): void {
    this.#isStarted = true;
  }

  /** The key of a call of a class's method, and the name of its cache. */
  keyOf(type: Class, method: string, args: readonly unknown[]): { readonly key: string; readonly cache: string } {
    const prototype = type.prototype as object;
    const declaration = declarationsFor(prototype).find((one) => one.method === method && one.cached.length > 0);
    if (declaration === undefined) {
      throw new LayerCacheKeyError(`${type.name}.${method} has no @Cached, so there is no key of it.`);
    }
    const site = this.siteOf(prototype, declaration);
    const place = this.#places.get(prototype)?.get(declaration);
    const self = place?.hasMany === false ? place.owner?.deref() : undefined;
    try {
      return {
        key: keyOfCall(site.name, site.keyArguments(self ?? noInstanceOf(site.where), args)),
        cache: site.options.cache ?? DEFAULT_CACHE,
      };
    } catch (error) {
      throw error instanceof FunctionFault ? error.cause : error;
    }
  }

  #placeOrWarn(prototype: object, declaration: MethodDeclaration): Place | undefined {
    try {
      if (!this.#isStarted && this.#caches.get(cacheNameOf(declaration)) === undefined) return undefined;
      return this.#placeIn(this.#cacheOf(prototype, declaration), prototype, declaration);
    } catch (error) {
      const where = whereOf(prototype, declaration);
      // An error of ours names the place itself, and may be longer than what is shown of others.
      const why = error instanceof LayerCacheConfigError ? error.message.replace(`${where}: `, '') : messageOf(error);
      const message = `${where} runs uncached: ${why}`;
      this.#caches.tellError(message);
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
    const mistake = mistakeIn(declaration);
    if (mistake !== undefined) throw new LayerCacheConfigError(mistake, where);
    const { options, policy, original } = optionsOf(declaration, where);
    const name = options.name ?? where;
    refuseBadName(name, where);
    this.#claim(`${cache.name} ${name}`, name, { prototype, declaration });
    const site = new CallSite({
      prototype,
      where,
      name,
      read: atPlace(where, () => cache.engine.bind(name, policy)),
      options,
      original,
      declaration,
      routeParameter: routeParameterOf(prototype, declaration.method),
      isRawResolver: isRawResolver(prototype, declaration.method),
      around: this.#around,
      warn: this.#caches.warn,
    });
    return { site, owner: undefined, servesMany: options.shared === true || options.key !== undefined, hasMany: false };
  }

  /** Two methods of one name in one cache would share values. */
  #claim(place: string, name: string, owner: { prototype: object; declaration: MethodDeclaration }): void {
    const first = this.#owners.get(place) ?? owner;
    this.#owners.set(place, first);
    if (first.prototype === owner.prototype && first.declaration === owner.declaration) return;
    const where = whereOf(owner.prototype, owner.declaration);
    const firstWhere = whereOf(first.prototype, first.declaration);
    const other = firstWhere === where ? 'another class of the same name' : firstWhere;
    const problem =
      `its name in the key, '${name}', is also that of ${other}, so that they would share values. ` +
      'Write @Cached({ name: … }) on one of them.';
    throw new LayerCacheConfigError({ option: 'name', problem }, where);
  }

  #cacheOf(prototype: object, declaration: MethodDeclaration): RunningCache {
    const where = whereOf(prototype, declaration);
    const got = optionsOf(declaration, where).cache ?? DEFAULT_CACHE;
    const cache = this.#caches.get(got);
    if (cache !== undefined) return cache;
    const names = this.#caches.all().map(({ name }) => `'${name}'`);
    const takes = `the name of a cache: ${names.join(', ')}`;
    throw new LayerCacheConfigError({ option: 'cache', got, takes }, where);
  }

  #serves(place: Place, instance: object): boolean {
    place.owner ??= new WeakRef(instance);
    if (place.owner.deref() === instance) return true;
    if (place.servesMany) {
      place.hasMany = true;
      return true;
    }
    const message =
      `${place.site.where} runs uncached on a second instance of its class, which may answer otherwise than the first. ` +
      'Write shared: true if they answer alike, or a key that tells them apart.';
    this.#caches.tellError(message);
    return false;
  }
}

function cacheNameOf({ cached }: MethodDeclaration): string {
  return (cached[0] as CachedOptions | null | undefined)?.cache ?? DEFAULT_CACHE;
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
