import 'reflect-metadata';
import type { ModulesContainer } from '@nestjs/core';
import { declarationsFor, type MethodDeclaration } from '../method-declaration.js';
import {
  FIELD_RESOLVER,
  HEADERS_PARAMETER,
  LIVE_PARAMETERS,
  PARAMETER_TYPES,
  RESOLVER_TYPE,
  ROUTE_ARGUMENTS,
  ROUTE_METHOD,
} from '../nest-metadata.js';
import { RouteCallParameter, routeCallFactory } from './route-call.js';

interface RouteArgument {
  readonly index: number;
  /** What the decorator was given: the name of a header, for one. */
  readonly data?: unknown;
  readonly factory?: unknown;
}

type RouteArguments = Readonly<Record<string, RouteArgument>>;

/**
 * Gives every cached handler of an application the parameter by which it learns of its request, behind those it has. Nest
 * reads them when it makes its routes, after the providers. What is no handler is left alone, and so is a resolver that takes
 * its arguments raw: with a declared parameter it would get nothing else.
 */
export function declareRouteParameters(modules: ModulesContainer): void {
  for (const { controllers, providers } of modules.values()) {
    for (const { metatype } of [...controllers.values(), ...providers.values()]) {
      const prototype = (metatype as { prototype?: object } | null)?.prototype;
      if (prototype === undefined) continue;
      for (const declaration of declarationsFor(prototype)) declareFor(prototype, declaration);
    }
  }
}

function declareFor(prototype: object, { method, cached }: MethodDeclaration): void {
  if (cached.length === 0 || routeParameterOf(prototype, method) !== undefined) return;
  const handler: unknown = Reflect.get(prototype, method);
  if (!isRoute(handler) && !(isResolver(handler) && takesDeclaredArguments(prototype, method))) return;
  const indexes = Object.values(routeArgumentsOf(prototype, method)).map(({ index }) => index);
  RouteCallParameter()(prototype, method, Math.max(-1, ...indexes) + 1);
}

/** Whether a method answers HTTP requests. */
export function isRoute(handler: unknown): handler is object {
  return typeof handler === 'function' && Reflect.hasMetadata(ROUTE_METHOD, handler);
}

function isResolver(handler: unknown): boolean {
  if (typeof handler !== 'function') return false;
  return Reflect.hasMetadata(RESOLVER_TYPE, handler) || Reflect.hasMetadata(FIELD_RESOLVER, handler);
}

function takesDeclaredArguments(prototype: object, method: string): boolean {
  if (Object.keys(routeArgumentsOf(prototype, method)).length > 0) return true;
  const types = Reflect.getMetadata(PARAMETER_TYPES, prototype, method) as readonly unknown[] | undefined;
  return types?.length === 0;
}

/** The parameters that decorators have declared for a handler. */
export function routeArgumentsOf(prototype: object, method: string): RouteArguments {
  return (Reflect.getMetadata(ROUTE_ARGUMENTS, prototype.constructor, method) ?? {}) as RouteArguments;
}

/** The index of the parameter by which a handler gets its request; undefined where it has none. */
export function routeParameterOf(prototype: object, method: string): number | undefined {
  return Object.values(routeArgumentsOf(prototype, method)).find(({ factory }) => factory === routeCallFactory)?.index;
}

/** The first parameter of a route handler by which no key can be made, as it is written; undefined where there is none. */
export function liveParameterOf(prototype: object, method: string): string | undefined {
  for (const [name, { data }] of Object.entries(routeArgumentsOf(prototype, method))) {
    // `type:index`; what createParamDecorator makes has a text of its own in place of the type.
    const type = Number(name.split(':')[0]);
    if (LIVE_PARAMETERS[type] !== undefined) return LIVE_PARAMETERS[type];
    if (type === HEADERS_PARAMETER && data === undefined) return '@Headers() without a name';
  }
  return undefined;
}
