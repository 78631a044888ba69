import 'reflect-metadata';

/**
 * What a compiler makes of decorators on a class: those of parameters first, then those of the method, the lowest first.
 * `types` are the parameters' and the result's, as TypeScript emits them.
 */
export function decorate(type, method, { decorators = [], parameters = [], types = [String], returns = Promise }) {
  const { prototype } = type;
  Reflect.defineMetadata('design:paramtypes', types, prototype, method);
  Reflect.defineMetadata('design:returntype', returns, prototype, method);
  parameters.forEach((parameter, index) => parameter(prototype, method, index));
  const descriptor = Object.getOwnPropertyDescriptor(prototype, method);
  for (const decorator of decorators.toReversed()) decorator(prototype, method, descriptor);
  Object.defineProperty(prototype, method, descriptor);
}
