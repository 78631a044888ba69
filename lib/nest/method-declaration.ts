import 'reflect-metadata';
import { isObservableType } from './observable-type.js';
import { LayerCacheConfigError } from '../core/errors.js';
import type { CachedOptions, TagFunction, TagSource } from './decorator-types.js';
import { RETURN_TYPE } from './nest-metadata.js';

/** A method as it runs: of some instance, with arguments that its declaration has typed. */
export type Method = (this: unknown, ...args: unknown[]) => unknown;

/** What the decorators of one method have declared. Read once per instance, when it is bound to its cache. */
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
  /** Whether `@InvalidateTags` stands in front of it. */
  invalidates: boolean;
}

const DECLARATIONS = Symbol.for('nestjs-layercache:declarations');

type Declarations = Map<string, MethodDeclaration>;

/** The declaration of a method, begun if there is none. `decorator` names who asks, for the error. */
export function declare(decorator: string, target: object, method: string | symbol): MethodDeclaration {
  if (typeof target === 'function' || typeof method !== 'string') {
    const problem = `${decorator} stands on ${placeOf(target, method)}; it takes a method of an instance, with a name of letters.`;
    throw new LayerCacheConfigError({ option: decorator, problem });
  }
  const own = ownDeclarations(target) ?? new Map<string, MethodDeclaration>();
  Object.defineProperty(target, DECLARATIONS, { value: own, configurable: true });
  const declaration = own.get(method) ?? begin(target, method);
  own.set(method, declaration);
  return declaration;
}

function placeOf(target: object, method: unknown): string {
  if (typeof method === 'string' || typeof method === 'symbol') {
    const owner = typeof target === 'function' ? target : target.constructor;
    return `${owner.name}.${String(method)}`;
  }
  return 'something that a decorator of another standard was given (experimentalDecorators has to be on)';
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
