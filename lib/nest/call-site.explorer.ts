import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { ModuleRef, ModulesContainer } from '@nestjs/core';
import { LayerCacheConfigError, type Misuse } from '../core/errors.js';
import { errorOf, mistakeIn, mistakeInHandler } from './call-site.checks.js';
import type { CallSite } from './call-site.js';
import { CallSites, whereOf } from './call-sites.js';
import { DEFAULT_CACHE } from './cache.token.js';
import { adopt } from './host.js';
import { declareRouteParameters } from './http/route-parameter.js';
import type { LayerCaches } from './layer-caches.js';
import { declarationsFor, type MethodDeclaration } from './method-declaration.js';
import { type DecoratedClass, decoratedClassesOf } from './decorated-classes.js';
import { CALL_SITES, LAYER_CACHES } from './tokens.js';

/** At the start of an application: checks the decorated methods of everything in it, and binds them to their caches. */
@Injectable()
export class CallSiteExplorer implements OnModuleInit {
  readonly #modules: ModulesContainer;
  readonly #moduleRef: ModuleRef;
  readonly #sites: CallSites;
  readonly #caches: LayerCaches;
  readonly #mistakes = new Map<string, LayerCacheConfigError>();

  constructor(
    @Inject(ModulesContainer) modules: ModulesContainer,
    @Inject(ModuleRef) moduleRef: ModuleRef,
    @Inject(CALL_SITES) sites: CallSites,
    @Inject(LAYER_CACHES) caches: LayerCaches,
  ) {
    this.#modules = modules;
    this.#moduleRef = moduleRef;
    this.#sites = sites;
    this.#caches = caches;
    // Now, for Nest makes the routes after the providers and before it calls their hooks.
    declareRouteParameters(modules);
  }

  /** In a module that is global, and so before the hooks of those who may call a cached method in theirs. */
  onModuleInit(): void {
    for (const decorated of decoratedClassesOf(this.#modules)) {
      for (const instance of decorated.instances) adopt(instance, this.#moduleRef);
      for (const declaration of declarationsFor(decorated.prototype)) this.#explore(decorated, declaration);
    }
    const error = errorOf([...this.#mistakes.values()]);
    if (error !== undefined) throw error;
    this.#sites.start();
  }

  #explore(decorated: DecoratedClass, declaration: MethodDeclaration): void {
    const where = whereOf(decorated.prototype, declaration);
    const mistake = mistakeIn(declaration);
    if (mistake !== undefined) return this.#note(new LayerCacheConfigError(mistake, where));
    if (declaration.cached.length === 0) return undefined;
    try {
      this.#checkAndBind(decorated, declaration);
    } catch (error) {
      if (!(error instanceof LayerCacheConfigError)) throw error;
      this.#note(error);
    }
    return undefined;
  }

  #checkAndBind(decorated: DecoratedClass, declaration: MethodDeclaration): void {
    const { prototype, instances, isStatic } = decorated;
    const site = this.#sites.siteOf(prototype, declaration);
    const mistake = mistakeInHandler(prototype, declaration, site.options) ?? this.#mistakeInInstances(decorated, site);
    if (mistake !== undefined) throw new LayerCacheConfigError(mistake, site.where);
    if (!isStatic) this.#sites.serveMany(prototype, declaration);
    for (const instance of instances) this.#sites.bind(instance, declaration);
  }

  #mistakeInInstances({ instances, isStatic }: DecoratedClass, { options }: CallSite): Misuse | undefined {
    if (options.shared === true || options.key !== undefined) return undefined;
    if (!isStatic && this.#caches.get(options.cache ?? DEFAULT_CACHE)?.hasKeyContext !== true) {
      const problem =
        'its class is made anew per request, so that its arguments may not be all that decides. ' +
        'Write a key or keyContext with what else does, or shared: true if nothing else does.';
      return { option: 'key', problem };
    }
    if (!isStatic || instances.size < 2) return undefined;
    const problem =
      `there are ${instances.size} instances of its class, which would share values. ` +
      'Write shared: true if they answer alike, or a key that tells them apart.';
    return { option: 'shared', problem };
  }

  #note(error: LayerCacheConfigError): void {
    this.#mistakes.set(error.message, error);
  }
}
