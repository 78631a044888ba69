import { Inject } from '@nestjs/common';

/** What the one cache is called that nobody named. */
export const DEFAULT_CACHE = 'default';

/** The injection token of the cache of this name, a `CacheService`. */
export function getCacheToken(name: string = DEFAULT_CACHE): symbol {
  return Symbol.for(`nestjs-layercache:cache:${name}`);
}

/** Injects the `CacheService` of the cache of this name. */
export function InjectCache(name: string = DEFAULT_CACHE): PropertyDecorator & ParameterDecorator {
  return Inject(getCacheToken(name));
}
