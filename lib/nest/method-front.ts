import 'reflect-metadata';
import { types } from 'node:util';
import { LayerCacheConfigError } from '../core/errors.js';
import { runAsLoad, unkeptLoad } from '../engine/running-load.js';
import type { CallSite, KeptSite } from './call-site.js';
import { applicationOf, applicationsOf } from './application.js';
import { takeRouteCall } from './http/route-call.js';
import { InvalidatingCall } from './invalidating-call.js';
import { declarationsFor, type Method, type MethodDeclaration } from './method-declaration.js';

/** An instance as it keeps call sites, each under a symbol of its own. */
type Keeper = Readonly<Record<symbol, KeptSite | undefined>>;

/** What runs in place of a cached method: finds the call site of this instance, at the first call, and asks it. */
export function cachedFront(declaration: MethodDeclaration, original: Method): Method {
  return function (this: unknown, ...args: unknown[]): unknown {
    const self = this as Keeper | null | undefined;
    const kept = self?.[declaration.site];
    const isItsOwn = kept !== undefined && (kept.self === self || types.isProxy(self));
    const site = isItsOwn ? kept.site : bind(self, declaration);
    if (site === undefined) return callUncached(declaration, original, { self, args });
    return site.around(site, self as object, args);
  };
}

/** What runs in place of a method that invalidates. */
export function invalidatingFront(declaration: MethodDeclaration, original: Method): Method {
  return function (this: unknown, ...args: unknown[]): unknown {
    const applications = isObject(this) ? applicationsOf(this) : [];
    if (applications.length === 0) return original.apply(this, args);
    const caches = applications.map((application) => application.caches);
    return new InvalidatingCall(caches, declaration, original, { self: this as object, args }).answer();
  };
}

function bind(self: unknown, declaration: MethodDeclaration): CallSite | undefined {
  return isObject(self) ? applicationOf(self)?.bind(self, declaration) : undefined;
}

interface UncachedCall {
  readonly self: unknown;
  readonly args: unknown[];
}

function callUncached(declaration: MethodDeclaration, original: Method, { self, args }: UncachedCall): unknown {
  takeRouteCall(args);
  const isReachedBySuper =
    isObject(self) && !declarationsFor(Object.getPrototypeOf(self) as object).includes(declaration);
  // As part of its override, whose load it may speak to.
  if (isReachedBySuper) return original.apply(self, args);
  return runAsLoad(unkeptLoad(declaration.method), () => original.apply(self, args));
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
  for (const key of Reflect.ownKeys(original)) {
    const property = Object.getOwnPropertyDescriptor(original, key);
    if (property !== undefined && !Object.hasOwn(wrapper, key)) Object.defineProperty(wrapper, key, property);
  }
  for (const key of Reflect.getMetadataKeys(original) as unknown[]) {
    Reflect.defineMetadata(key, Reflect.getMetadata(key, original), wrapper);
  }
  descriptor.value = wrapper;
}
