import { LayerCacheConfigError } from '../../../lib/core/errors.js';

/** The mistake that was thrown; fails where none was. */
export function mistakeOf(run: () => unknown): LayerCacheConfigError {
  try {
    run();
  } catch (error) {
    if (error instanceof LayerCacheConfigError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}
