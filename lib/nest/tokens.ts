/** Of what an application has one each. By `Symbol.for`, so that two copies of this package in one process mean the same. */
export const LAYER_CACHES = Symbol.for('nestjs-layercache:caches');
export const CALL_SITES = Symbol.for('nestjs-layercache:call-sites');

/** Beside the options of a cache: parts of it that a test replaces. */
export const CACHE_PARTS = Symbol.for('nestjs-layercache:parts');

/** What log lines of ours begin with. */
export const LOGGER_CONTEXT = 'LayerCache';
