import 'reflect-metadata';
import { Observable } from 'rxjs';
import { LayerCacheConfigError } from '../core/errors.js';
import type { CachedOptions, TagFunction, TagSource } from './decorator-types.js';
import { RETURN_TYPE } from './nest-metadata.js';

/** A method as it runs: of some instance, with arguments that its declaration has typed. */
export type Method = (this: unknown, ...args: unknown[]) => unknown;

/** What the decorators of one method have declared. */
export interface MethodDeclaration {
  readonly method: string;
  /** The class that declares it. */
  readonly declaredIn: string;
  /** Under this symbol an instance keeps the call site of the method. */
  readonly site: symbol;
  /** Whether its return type is written as an Observable. */
  readonly returnsObservable: boolean;
  /** One for each `@Cached`. */
  readonly cached: CachedOptions[];
  readonly tags: TagSource[];
  readonly resultTags: TagFunction[];
  readonly invalidated: TagSource[];
  readonly resultInvalidated: TagFunction[];
  /** What `@Cached` stands in front of. */
  original: Method | undefined;
  /** What stands there. */
  front: Method | undefined;
  /** Whether `@InvalidateTags` stands in front of it. */
  invalidates: boolean;
}

const DECLARATIONS = Symbol.for('nestjs-layercache:declarations');

type Declarations = Map<string, MethodDeclaration>;

/** The declaration of a method, begun if there is none. `decorator` names who asks, for the error. */
export function declare(decorator: string, target: object, method: string | symbol): MethodDeclaration {
  if (typeof target === 'function' || typeof method !== 'string') {
    throw new LayerCacheConfigError({ option: decorator, problem: problemOf(decorator, target, method) });
  }
  const own = ownDeclarations(target) ?? new Map<string, MethodDeclaration>();
  Object.defineProperty(target, DECLARATIONS, { value: own, configurable: true });
  const declaration = own.get(method) ?? begin(target, method);
  own.set(method, declaration);
  return declaration;
}

function problemOf(decorator: string, target: object, method: unknown): string {
  if (typeof method !== 'string' && typeof method !== 'symbol') {
    return `${decorator} was applied as a decorator of the standard. Set "experimentalDecorators": true in tsconfig.json, as Nest needs it.`;
  }
  const owner = typeof target === 'function' ? target : target.constructor;
  const what = typeof target === 'function' ? 'is static' : 'has a symbol for a name';
  return `${owner.name}.${String(method)} ${what}: ${decorator} takes a method of instances that is named by a string.`;
}

function begin(prototype: object, method: string): MethodDeclaration {
  return {
    method,
    declaredIn: prototype.constructor.name,
    site: Symbol(`layercache: ${method}`),
    returnsObservable: isObservableType(Reflect.getMetadata(RETURN_TYPE, prototype, method)),
    cached: [],
    tags: [],
    resultTags: [],
    invalidated: [],
    resultInvalidated: [],
    original: undefined,
    front: undefined,
    invalidates: false,
  };
}

function ownDeclarations(prototype: object): Declarations | undefined {
  return Object.getOwnPropertyDescriptor(prototype, DECLARATIONS)?.value as Declarations | undefined;
}

/** The declarations that hold for instances with this prototype: for each method the nearest. */
export function declarationsFor(prototype: object | null): readonly MethodDeclaration[] {
  const nearest: Declarations = new Map();
  for (let level = prototype; level !== null; level = Object.getPrototypeOf(level) as object | null) {
    for (const [method, declaration] of ownDeclarations(level) ?? []) {
      if (!nearest.has(method)) nearest.set(method, declaration);
    }
  }
  return [...nearest.values()];
}

/** Whether a subclass has a method of its own, without decorators, in front of the declared one: who calls it meets that. */
export function isOverridden(prototype: object, declaration: MethodDeclaration): boolean {
  for (let level: object | null = prototype; level !== null; level = Object.getPrototypeOf(level) as object | null) {
    if (ownDeclarations(level)?.get(declaration.method) === declaration) return false;
    if (Object.hasOwn(level, declaration.method)) return true;
  }
  return false;
}

/** A method as messages name it: by the class Nest made the instance of. */
export function whereOf(prototype: object, { method }: MethodDeclaration): string {
  return `${prototype.constructor.name}.${method}`;
}

/** Whether a type that a compiler emitted is rxjs's Observable or a class of it, also from another copy of the package. */
function isObservableType(type: unknown): boolean {
  if (typeof type !== 'function') return false;
  return type === Observable || type.prototype instanceof Observable || type.name === 'Observable';
}
