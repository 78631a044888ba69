import 'reflect-metadata';
import type { ModulesContainer } from '@nestjs/core';
import { declarationsFor, isOverridden, type MethodDeclaration } from '../method-declaration.js';
import {
  CONTEXT_PARAMETER,
  FIELD_RESOLVER,
  ANSWERING_PARAMETERS,
  HEADERS_PARAMETER,
  INFO_PARAMETER,
  LIVE_PARAMETERS,
  PARAMETER_TYPES,
  REFERENCE_RESOLVER,
  RESOLVER_TYPE,
  RESPONSE_PASSTHROUGH,
  ROUTE_ARGUMENTS,
  ROUTE_METHOD,
  URL_PARAMETERS,
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

/** So far behind a handler's own parameters that no direct call reaches it. */
const FAR_BEHIND = 8;

function declareFor(prototype: object, declaration: MethodDeclaration): void {
  const { method, cached } = declaration;
  if (cached.length === 0) return;
  const own = ownArgumentsOf(prototype, method);
  if (isOverridden(prototype, declaration)) {
    if (routeParameterOf(prototype, method) !== undefined) setRouteArguments(prototype, method, own);
    return;
  }
  const handler: unknown = Reflect.get(prototype, method);
  if (!isRoute(handler) && !(isResolver(handler) && takesDeclaredArguments(prototype, method))) return;
  const arity = Math.max(-1, ...Object.values(own).map(({ index }) => index)) + 1;
  const known = routeParameterOf(prototype, method);
  if (known?.arity === arity) return;
  // What a base class has of it, declared for parameters of its own, is left out.
  setRouteArguments(prototype, method, own);
  const index = Math.max(arity, parameterTypesOf(prototype, method)?.length ?? 0) + FAR_BEHIND;
  RouteCallParameter(arity)(prototype, method, index);
}

/** The parameters that a handler's own decorators have declared. */
function ownArgumentsOf(prototype: object, method: string): RouteArguments {
  const all = Object.entries(routeArgumentsOf(prototype, method));
  return Object.fromEntries(all.filter(([, { factory }]) => factory !== routeCallFactory));
}

function setRouteArguments(prototype: object, method: string, args: RouteArguments): void {
  Reflect.defineMetadata(ROUTE_ARGUMENTS, args, prototype.constructor, method);
}

/** Whether a method answers HTTP requests. */
export function isRoute(handler: unknown): handler is object {
  return typeof handler === 'function' && Reflect.hasMetadata(ROUTE_METHOD, handler);
}

/** Whether a method answers GraphQL queries. */
export function isResolver(handler: unknown): boolean {
  if (typeof handler !== 'function') return false;
  return [RESOLVER_TYPE, FIELD_RESOLVER, REFERENCE_RESOLVER].some((key) => Reflect.hasMetadata(key, handler));
}

/** Whether a method is a resolver that is given GraphQL's own four arguments, the context among them. */
export function isRawResolver(prototype: object, declaration: MethodDeclaration): boolean {
  const { method } = declaration;
  if (isOverridden(prototype, declaration) || routeParameterOf(prototype, method) !== undefined) return false;
  return isResolver(Reflect.get(prototype, method));
}

function takesDeclaredArguments(prototype: object, method: string): boolean {
  if (Object.keys(ownArgumentsOf(prototype, method)).length > 0) return true;
  return parameterTypesOf(prototype, method)?.length === 0;
}

function parameterTypesOf(prototype: object, method: string): readonly unknown[] | undefined {
  return Reflect.getMetadata(PARAMETER_TYPES, prototype, method) as readonly unknown[] | undefined;
}

/** The parameters that decorators have declared for a handler. */
export function routeArgumentsOf(prototype: object, method: string): RouteArguments {
  return (Reflect.getMetadata(ROUTE_ARGUMENTS, prototype.constructor, method) ?? {}) as RouteArguments;
}

/** Where a handler gets its request, and how many arguments Nest gives it besides. */
export interface RouteParameter {
  readonly index: number;
  readonly arity: number;
}

/** The parameter by which a handler gets its request; undefined where it has none. */
export function routeParameterOf(prototype: object, method: string): RouteParameter | undefined {
  const parameter = Object.values(routeArgumentsOf(prototype, method)).find(
    ({ factory }) => factory === routeCallFactory,
  );
  return parameter && { index: parameter.index, arity: parameter.data as number };
}

/** The first parameter of a handler by which no key can be made, as it is written; undefined where there is none. */
export function liveParameterOf(prototype: object, method: string): string | undefined {
  const isOfResolver = isResolver(Reflect.get(prototype, method));
  for (const { type, data } of parametersOf(prototype, method)) {
    if (isOfResolver && type === INFO_PARAMETER) return '@Info()';
    if (isOfResolver && type === CONTEXT_PARAMETER && data === undefined) return '@Context() without a name';
    if (isOfResolver) continue;
    if (LIVE_PARAMETERS[type] !== undefined) return LIVE_PARAMETERS[type];
    if (type === HEADERS_PARAMETER && data === undefined) return '@Headers() without a name';
  }
  return undefined;
}

/** The first parameter by which a handler answers its request itself, so that a value kept of it would answer nobody. */
export function answeringParameterOf(prototype: object, method: string): string | undefined {
  if (Reflect.getMetadata(RESPONSE_PASSTHROUGH, prototype.constructor, method) === true) return undefined;
  const answering = parametersOf(prototype, method).find(({ type }) => ANSWERING_PARAMETERS.includes(type));
  return answering && LIVE_PARAMETERS[answering.type];
}

/** Whether all that a handler is given stands in the URL and the name of the host. */
export function takesOnlyOfUrl(prototype: object, method: string): boolean {
  return parametersOf(prototype, method).every(({ type }) => URL_PARAMETERS.includes(type));
}

function parametersOf(prototype: object, method: string): readonly { type: number; data: unknown }[] {
  return Object.entries(routeArgumentsOf(prototype, method)).map(([name, { data }]) => {
    // `type:index`; what createParamDecorator makes has a text of its own in place of the type, which is no number.
    return { type: Number(name.split(':')[0]), data };
  });
}
