import type { ModulesContainer } from '@nestjs/core';
import { declarationsFor } from './method-declaration.js';

/** A class of an application that has decorated methods, and what Nest made of it. */
export interface DecoratedClass {
  readonly prototype: object;
  /** Those that live as long as the application. */
  readonly instances: Set<object>;
  /** Whether such are all there are: false where instances are made per request, also because of what they inject. */
  isStatic: boolean;
}

type Wrapper = ReturnType<typeof wrappersOf>[number];

/** All of an application's providers, controllers, guards and the like whose class has decorated methods. */
export function decoratedClassesOf(modules: ModulesContainer): Iterable<DecoratedClass> {
  const found = new Map<object, DecoratedClass>();
  for (const wrapper of wrappersOf(modules)) {
    const prototype = prototypeOf(wrapper);
    if (prototype === null || declarationsFor(prototype).length === 0) continue;
    const decorated = found.get(prototype) ?? { prototype, instances: new Set(), isStatic: true };
    found.set(prototype, decorated);
    if (!wrapper.isDependencyTreeStatic()) decorated.isStatic = false;
    else for (const instance of instancesOf(wrapper)) decorated.instances.add(instance);
  }
  return found.values();
}

function wrappersOf(modules: ModulesContainer) {
  return [...modules.values()]
    .flatMap(({ providers, controllers, injectables }) => [
      ...providers.values(),
      ...controllers.values(),
      ...injectables.values(),
    ])
    .filter(({ isAlias }) => !isAlias);
}

/** A factory's or a value's class is known by what it made. */
function prototypeOf(wrapper: Wrapper): object | null {
  const { metatype } = wrapper;
  const isClass = typeof metatype === 'function' && !wrapper.isFactory;
  if (isClass) return (metatype.prototype ?? null) as object | null;
  const instance = wrapper.isDependencyTreeStatic() ? (wrapper.instance as unknown) : undefined;
  return typeof instance === 'object' && instance !== null ? (Object.getPrototypeOf(instance) as object | null) : null;
}

function instancesOf(wrapper: Wrapper): readonly object[] {
  const hosts = wrapper.isTransient ? wrapper.getStaticTransientInstances() : [wrapper];
  return hosts
    .map((host): unknown => host?.instance)
    .filter((instance): instance is object => typeof instance === 'object' && instance !== null);
}
