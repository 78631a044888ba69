import { createLayerCache } from '../../lib/engine/create-layer-cache.js';
import type { MakeCache } from './cache-under-test.js';

/** The engine as it ships. */
export const engine: MakeCache = (options, parts) => createLayerCache(options, parts);
