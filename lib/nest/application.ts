import { Logger } from '@nestjs/common';
import { ModulesContainer, type ModuleRef } from '@nestjs/core';
import type { CallSites } from './call-sites.js';
import { moduleRefOf } from './module-ref.js';
import { CALL_SITES, LOGGER_CONTEXT } from './tokens.js';

/** Per module: its application's call sites, or null where there are none to be had. */
const sitesByModule = new WeakMap<ModuleRef, CallSites | null>();
const warned = new WeakSet<ModulesContainer>();

/** The call sites of the application an instance lives in; undefined where it lives in none, or in one without the module. */
export function callSitesOf(instance: object): CallSites | undefined {
  const moduleRef = moduleRefOf(instance);
  if (moduleRef === undefined) return undefined;
  const known = sitesByModule.get(moduleRef);
  if (known !== undefined) return known ?? undefined;
  const sites = lookUp(moduleRef);
  if (sites !== null && !isMade(sites)) return undefined;
  sitesByModule.set(moduleRef, sites);
  if (sites === null) warnOfMissingModule(moduleRef, instance);
  return sites ?? undefined;
}

function lookUp(moduleRef: ModuleRef): CallSites | null {
  try {
    return moduleRef.get<CallSites>(CALL_SITES, { strict: false });
  } catch {
    // Nest has no other way to say that nobody provides them.
    return null;
  }
}

/** Nest puts bare prototypes in the place of providers that it has not constructed yet. They may be of another copy of the class. */
function isMade(sites: CallSites): boolean {
  return Object.hasOwn(sites, 'interceptor');
}

function warnOfMissingModule(moduleRef: ModuleRef, instance: object): void {
  const application = moduleRef.get(ModulesContainer, { strict: false });
  if (warned.has(application)) return;
  warned.add(application);
  new Logger(LOGGER_CONTEXT).warn(
    `${instance.constructor.name} has methods with @Cached or @InvalidateTags, which run uncached: ` +
      'add LayerCacheModule.forRoot() to the imports of your AppModule.',
  );
}
