import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { ModuleRef, ModulesContainer } from '@nestjs/core';
import { LayerCacheConfigError, type Misuse } from '../core/errors.js';
import { errorOf, mistakeIn, mistakeInHandler, mistakeInInstances } from './call-site.checks.js';
import { applicationOf, enterRunning, isOfAnother } from './application.js';
import { CallSites } from './call-sites.js';
import { giveModuleRef, moduleRefOf, takeModuleRef } from './module-ref.js';
import { declareRouteParameters } from './http/route-parameter.js';
import { declarationsFor, type MethodDeclaration, whereOf } from './method-declaration.js';
import { type DecoratedClass, decoratedClassesOf } from './decorated-classes.js';
import { CALL_SITES } from './tokens.js';

/** At the start of an application: checks the decorated methods of everything in it, and binds them to their caches. */
@Injectable()
export class CallSiteExplorer implements OnModuleInit, OnApplicationShutdown {
  readonly #modules: ModulesContainer;
  readonly #moduleRef: ModuleRef;
  readonly #sites: CallSites;
  /** Instances that Nest did not construct, and that may live longer than the application. */
  readonly #adopted = new Set<object>();
  #leaveRunning: () => void = () => undefined;
  readonly #mistakes = new Map<string, LayerCacheConfigError>();

  constructor(
    @Inject(ModulesContainer) modules: ModulesContainer,
    @Inject(ModuleRef) moduleRef: ModuleRef,
    @Inject(CALL_SITES) sites: CallSites,
  ) {
    this.#modules = modules;
    this.#moduleRef = moduleRef;
    this.#sites = sites;
    // Now, for Nest makes the routes after the providers and before it calls their hooks.
    declareRouteParameters(modules);
  }

  /** In a module that is global, and so before the hooks of those who may call a cached method in theirs. */
  onModuleInit(): void {
    for (const decorated of decoratedClassesOf(this.#modules)) {
      for (const instance of decorated.instances) this.#adopt(instance);
      for (const declaration of declarationsFor(decorated.prototype)) this.#explore(decorated, declaration);
    }
    const error = errorOf([...this.#mistakes.values()]);
    if (error !== undefined) throw error;
    this.#sites.complete();
    this.#leaveRunning = enterRunning(this.#sites);
  }

  onApplicationShutdown(): void {
    this.#leaveRunning();
    for (const instance of this.#adopted) {
      takeModuleRef(instance);
      const declarations = declarationsFor(Object.getPrototypeOf(instance) as object);
      for (const { site } of declarations) Reflect.deleteProperty(instance, site);
    }
  }

  #adopt(instance: object): void {
    const moduleRef = moduleRefOf(instance);
    if (isOfAnother(instance, this.#sites) || (moduleRef !== undefined && applicationOf(instance) === this.#sites))
      return;
    this.#adopted.add(instance);
    giveModuleRef(instance, this.#moduleRef);
  }

  #explore(decorated: DecoratedClass, declaration: MethodDeclaration): void {
    try {
      this.#checkAndBind(decorated, declaration);
    } catch (error) {
      if (!(error instanceof LayerCacheConfigError)) throw error;
      this.#mistakes.set(error.message, error);
    }
  }

  #checkAndBind(decorated: DecoratedClass, declaration: MethodDeclaration): void {
    const { prototype, instances, isStatic } = decorated;
    if (declaration.cached.length === 0) return refuseMistake(mistakeIn(declaration), whereOf(prototype, declaration));
    const site = this.#sites.siteOf(prototype, declaration);
    const mistake = mistakeInHandler(prototype, declaration, site.options) ?? mistakeInInstances(decorated, site);
    refuseMistake(mistake, site.where);
    if (!isStatic) site.serveMany();
    for (const instance of instances) this.#sites.bind(instance, declaration);
  }
}

function refuseMistake(mistake: Misuse | undefined, where: string): void {
  if (mistake !== undefined) throw new LayerCacheConfigError(mistake, where);
}
