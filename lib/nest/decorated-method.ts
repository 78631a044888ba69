import 'reflect-metadata';
import { LayerCacheConfigError } from '../core/errors.js';
import type { Method } from './method-declaration.js';

/** Puts a function in front of a method, which keeps its name, its length and what other decorators wrote on it. */
export function putInFront(
  decorator: string,
  descriptor: PropertyDescriptor,
  front: (original: Method) => Method,
): void {
  const original: unknown = descriptor.value;
  if (typeof original !== 'function') {
    const problem = `${decorator} takes a method, not a property or an accessor.`;
    throw new LayerCacheConfigError({ option: decorator, problem });
  }
  const wrapper = front(original as Method);
  for (const key of ['name', 'length']) {
    Object.defineProperty(wrapper, key, { value: Reflect.get(original, key), configurable: true });
  }
  for (const key of Reflect.getMetadataKeys(original) as unknown[]) {
    Reflect.defineMetadata(key, Reflect.getMetadata(key, original), wrapper);
  }
  descriptor.value = wrapper;
}
