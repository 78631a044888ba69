import 'reflect-metadata';
import { LayerCacheConfigError } from '../core/errors.js';
import { runAsLoad, unkeptLoad } from '../engine/running-load.js';
import type { CallSite } from './call-site.js';
import { callSitesOf } from './application.js';
import { takeRouteCall } from './http/route-call.js';
import type { Method, MethodDeclaration } from './method-declaration.js';

/** An instance as it keeps call sites, each under a symbol of its own. */
type Keeper = Readonly<Record<symbol, CallSite | undefined>>;

/** What runs in place of a cached method: finds the call site of this instance, at the first call, and asks it. */
export function cachedFront(declaration: MethodDeclaration, original: Method): Method {
  return function (this: unknown, ...args: unknown[]): unknown {
    const self = this as Keeper | null | undefined;
    const kept = self?.[declaration.site];
    // What inherits from an instance also inherits the call site it keeps, and may answer otherwise.
    const isItsOwn = kept !== undefined && Object.getPrototypeOf(self) === kept.prototype;
    const site = isItsOwn ? kept : bind(self, declaration);
    if (site === undefined) return callUncached(declaration, original, { self, args });
    return site.around(site, self as object, args);
  };
}

/** What runs in place of a method that invalidates. */
export function invalidatingFront(declaration: MethodDeclaration, original: Method): Method {
  return function (this: unknown, ...args: unknown[]): unknown {
    const sites = isObject(this) ? callSitesOf(this) : undefined;
    if (sites === undefined) return original.apply(this, args);
    return sites.interceptor.aroundInvalidation(declaration, original, { self: this as object, args });
  };
}

function bind(self: unknown, declaration: MethodDeclaration): CallSite | undefined {
  return isObject(self) ? callSitesOf(self)?.bind(self, declaration) : undefined;
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

/** Puts a function in front of a method, which keeps its name, its length and what other decorators wrote on it. */
export function putInFront(
  decorator: string,
  where: string,
  descriptor: PropertyDescriptor | undefined,
  front: (original: Method) => Method,
): void {
  const original: unknown = descriptor?.value;
  if (descriptor === undefined || typeof original !== 'function') {
    const problem = `${decorator} takes a method, not a property or an accessor.`;
    throw new LayerCacheConfigError({ option: decorator, problem }, where);
  }
  const wrapper = front(original as Method);
  for (const key of ['name', 'length']) {
    Object.defineProperty(wrapper, key, { value: Reflect.get(original, key), configurable: true });
  }
  for (const key of Reflect.getMetadataKeys(original) as unknown[]) {
    Reflect.defineMetadata(key, Reflect.getMetadata(key, original), wrapper);
  }
  descriptor.value = wrapper;
}
