import { runAsLoad, unkeptLoad } from '../engine/running-load.js';
import type { CallSite } from './call-site.js';
import { callSitesOf } from './call-sites.js';
import { takeRouteCall } from './http/route-call.js';
import type { Method, MethodDeclaration } from './method-declaration.js';

/** An object that may keep call sites, each under a symbol of its own. */
type Host = Readonly<Record<symbol, CallSite | undefined>>;

/** What runs in place of a cached method: finds the call site of this instance, at the first call, and asks it. */
export function callCached(declaration: MethodDeclaration, original: Method): Method {
  return function (this: unknown, ...args: unknown[]): unknown {
    const host = this as Host | null | undefined;
    const kept = host?.[declaration.site];
    // What inherits from an instance also inherits the call site it keeps, and may answer otherwise.
    const isItsOwn = kept !== undefined && Object.getPrototypeOf(host) === kept.prototype;
    const site = isItsOwn ? kept : bind(host, declaration);
    if (site === undefined) return callUncached(declaration, original, { self: host, args });
    return site.around(site, host as object, args);
  };
}

/** What runs in place of a method that invalidates. */
export function callInvalidating(declaration: MethodDeclaration, original: Method): Method {
  return function (this: unknown, ...args: unknown[]): unknown {
    const sites = isObject(this) ? callSitesOf(this) : undefined;
    if (sites === undefined) return original.apply(this, args);
    return sites.interceptor.aroundInvalidation(declaration, original, { self: this as object, args });
  };
}

function bind(host: unknown, declaration: MethodDeclaration): CallSite | undefined {
  return isObject(host) ? callSitesOf(host)?.bind(host, declaration) : undefined;
}

function callUncached(
  { method }: MethodDeclaration,
  original: Method,
  { self, args }: { self: unknown; args: unknown[] },
): unknown {
  takeRouteCall(args);
  return runAsLoad(unkeptLoad(method), () => original.apply(self, args));
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
