import { LayerCacheKeyError } from '../../../lib/core/errors.js';
import { keyOfCall } from '../../../lib/policy/key.js';

/** The key of a call of one and the same method. */
export const keyOf = (...args: unknown[]): string => keyOfCall('Users.find', args);

/** The error that no key could be made; fails where one could. */
export const refusalOf = (...args: unknown[]): LayerCacheKeyError => {
  let key: string;
  try {
    key = keyOf(...args);
  } catch (error) {
    if (error instanceof LayerCacheKeyError) return error;
    throw error;
  }
  throw new Error(`a key was made: ${key.slice(0, 100)}`);
};
