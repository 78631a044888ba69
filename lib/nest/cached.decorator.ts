import type {
  AdaptFunction,
  CachedMethodDecorator,
  CachedOptions,
  CallPredicate,
  KeyFunction,
  ResultPredicate,
} from './decorator-types.js';
import { injectModuleRef } from './module-ref.js';
import { declare, whereOf } from './method-declaration.js';
import { cachedFront, putInFront } from './method-front.js';

/**
 * Answers calls of the method from the cache; a call with other arguments has another key. Options that are not given are
 * those of the cache. On an instance that knows no cache, such as one a test made by hand, the method runs as it is.
 */
export function Cached<
  Key extends KeyFunction = KeyFunction,
  When extends CallPredicate = CallPredicate,
  ShouldCache extends ResultPredicate = ResultPredicate,
  Adapt extends AdaptFunction = AdaptFunction,
>(options: CachedOptions<Key, When, ShouldCache, Adapt> = {}): CachedMethodDecorator<Key, When, ShouldCache, Adapt> {
  return (prototype, method, descriptor) => {
    const declaration = declare('@Cached', prototype, method);
    declaration.cached.push(options);
    // A second one is refused at the start; in front of the first it would be met by every call until then.
    if (declaration.original !== undefined) return;
    injectModuleRef(prototype);
    putInFront('@Cached', whereOf(prototype, declaration), descriptor, (original) => {
      declaration.original = original;
      declaration.front = cachedFront(declaration, original);
      return declaration.front;
    });
  };
}
