import 'reflect-metadata';
import { Inject } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { INJECTED_PROPERTIES } from './nest-metadata.js';

const MODULE_REF = Symbol.for('nestjs-layercache:module-ref');

/** Beside the instances rather than in them, where users would meet it when they compare or print one. */
const moduleRefs = new WeakMap<object, ModuleRef>();

/** Lets Nest give every instance of a class the means to find its cache. Once per class: Nest 11 does not remove duplicates. */
export function injectModuleRef(prototype: object): void {
  const properties = Reflect.getMetadata(INJECTED_PROPERTIES, prototype.constructor) as { key: unknown }[] | undefined;
  if (properties?.some(({ key }) => key === MODULE_REF) === true) return;
  Inject(ModuleRef)(prototype, MODULE_REF);
  Object.defineProperty(prototype, MODULE_REF, {
    configurable: true,
    get(this: object) {
      return moduleRefs.get(this);
    },
    set(this: object, moduleRef: ModuleRef) {
      moduleRefs.set(this, moduleRef);
    },
  });
}

/** Gives an instance that Nest did not construct what Nest would have given it. */
export function giveModuleRef(instance: object, moduleRef: ModuleRef): void {
  moduleRefs.set(instance, moduleRef);
}

/** Takes it back. */
export function takeModuleRef(instance: object): void {
  moduleRefs.delete(instance);
}

/** The module an instance lives in, or one that it inherits from; undefined for one that was made by hand. */
export function moduleRefOf(instance: object): ModuleRef | undefined {
  for (let one: object | null = instance; one !== null; one = Object.getPrototypeOf(one) as object | null) {
    const moduleRef = moduleRefs.get(one);
    if (moduleRef !== undefined) return moduleRef;
  }
  return undefined;
}
