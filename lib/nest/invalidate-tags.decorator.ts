import type { ResultTagsMethodDecorator, TagFunction, TagsMethodDecorator, TagSource } from './decorator-types.js';
import { putInFront } from './decorated-method.js';
import { injectHost } from './host.js';
import { declare, type MethodDeclaration } from './method-declaration.js';
import { callInvalidating } from './method-front.js';

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
    const place = { prototype, method, descriptor };
    declareInvalidation('@InvalidateTags.ofResult', place).resultInvalidated.push(tags);
  };
};

interface Place {
  readonly prototype: object;
  readonly method: string | symbol;
  readonly descriptor: PropertyDescriptor;
}

function declareInvalidation(decorator: string, { prototype, method, descriptor }: Place): MethodDeclaration {
  const declaration = declare(decorator, prototype, method);
  if (declaration.invalidates) return declaration;
  declaration.invalidates = true;
  injectHost(prototype);
  putInFront(decorator, descriptor, (original) => callInvalidating(declaration, original));
  return declaration;
}
