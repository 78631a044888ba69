import { Logger } from '@nestjs/common';
import { ModulesContainer, type ModuleRef } from '@nestjs/core';
import type { CallSite } from './call-site.js';
import type { LayerCaches } from './layer-caches.js';
import type { MethodDeclaration } from './method-declaration.js';
import { moduleRefOf } from './module-ref.js';
import { CALL_SITES, LOGGER_CONTEXT } from './tokens.js';

/** What the methods of an application's instances need of it. */
export interface Application {
  readonly caches: LayerCaches;
  /** The call site that serves a method of an instance; undefined where it is to run uncached. */
  bind(instance: object, declaration: MethodDeclaration): CallSite | undefined;
}

/** Per module: its application, or null where that has no cache. */
const applications = new WeakMap<ModuleRef, Application | null>();
const warned = new WeakSet<ModulesContainer>();

/** Those of applications that run. */
const running = new Set<Application>();
/** Instances that two running applications have in common. */
const lent = new WeakSet<object>();

/** Says that an application runs, from the end of its start to its shutdown. */
export function enterRunning(application: Application): () => void {
  running.add(application);
  return () => {
    running.delete(application);
  };
}

/** Whether an instance lives in another running application already: its values would be two caches', and its invalidations one's. */
export function isOfAnother(instance: object, application: Application): boolean {
  const owner = applicationOf(instance);
  if (owner === undefined || owner === application || !running.has(owner)) return lent.has(instance);
  lent.add(instance);
  return true;
}

/**
 * The applications in which an invalidation by this instance has to be told. That of one which lives in none that is known,
 * or in several, is told in all: one invalidation too many is a reload.
 */
export function applicationsOf(instance: object): readonly Application[] {
  const own = lent.has(instance) ? undefined : applicationOf(instance);
  return own === undefined ? [...running] : [own];
}

/** The application an instance lives in; undefined where it lives in none, or in one without the module. */
export function applicationOf(instance: object): Application | undefined {
  const moduleRef = moduleRefOf(instance);
  if (moduleRef === undefined) return undefined;
  const known = applications.get(moduleRef);
  if (known !== undefined) return known ?? undefined;
  const application = lookUp(moduleRef);
  if (application !== null && !isMade(application)) return undefined;
  applications.set(moduleRef, application);
  if (application === null) warnOfMissingModule(moduleRef, instance);
  return application ?? undefined;
}

function lookUp(moduleRef: ModuleRef): Application | null {
  try {
    return moduleRef.get<Application>(CALL_SITES, { strict: false });
  } catch {
    // Nest has no other way to say that nobody provides them.
    return null;
  }
}

/** Nest puts bare prototypes in the place of providers that it has not constructed yet. It may be of another copy of the class. */
function isMade(application: Application): boolean {
  return Object.hasOwn(application, 'caches');
}

function warnOfMissingModule(moduleRef: ModuleRef, instance: object): void {
  const modules = moduleRef.get(ModulesContainer, { strict: false });
  if (warned.has(modules)) return;
  warned.add(modules);
  new Logger(LOGGER_CONTEXT).warn(
    `${instance.constructor.name} has methods with @Cached or @InvalidateTags, which run uncached: ` +
      'add LayerCacheModule.forRoot() to the imports of your AppModule.',
  );
}
