import type { ResultTagsMethodDecorator, TagFunction, TagsMethodDecorator, TagSource } from './decorator-types.js';
import { injectModuleRef } from './module-ref.js';
import { declare, type MethodDeclaration, whereOf } from './method-declaration.js';
import { invalidatingFront, putInFront } from './method-front.js';

/**
 * Ends every value that carries one of the tags, in every cache of the application, once the method has succeeded and
 * before its promise resolves. Functions make tags from the arguments, before the method runs; one that throws keeps it
 * from running.
 */
export function InvalidateTags<Sources extends readonly TagSource[]>(
  ...tags: Sources
): TagsMethodDecorator<Sources[number]> {
  return (prototype, method, descriptor) => {
    declareInvalidation('@InvalidateTags', { prototype, method, descriptor }).invalidated.push(...tags);
  };
}

/** The same from the result, which comes first, before the arguments. */
InvalidateTags.ofResult = <Fn extends TagFunction>(tags: Fn): ResultTagsMethodDecorator<Fn> => {
  return (prototype, method, descriptor) => {
    const target = { prototype, method, descriptor };
    declareInvalidation('@InvalidateTags.ofResult', target).resultInvalidated.push(tags);
  };
};

interface Target {
  readonly prototype: object;
  readonly method: string | symbol;
  readonly descriptor: PropertyDescriptor;
}

function declareInvalidation(decorator: string, { prototype, method, descriptor }: Target): MethodDeclaration {
  const declaration = declare(decorator, prototype, method);
  if (declaration.invalidates) return declaration;
  declaration.invalidates = true;
  injectModuleRef(prototype);
  putInFront(decorator, whereOf(prototype, declaration), descriptor, (original) =>
    invalidatingFront(declaration, original),
  );
  return declaration;
}
