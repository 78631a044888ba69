/** Of what an application has one each. By `Symbol.for`, so that two copies of this package in one process mean the same. */
export const LAYER_CACHES = Symbol.for('nestjs-layercache:caches');
export const CALL_SITES = Symbol.for('nestjs-layercache:call-sites');

/**
 * The injection token of the parts of each cache that a test may replace, such as its clock:
 * `overrideProvider(CACHE_PARTS).useValue({ clock: new ManualClock() })`. None are replaced by default.
 */
export const CACHE_PARTS = Symbol.for('nestjs-layercache:parts');

/** The options of the cache of one module. */
export const CACHE_OPTIONS = Symbol.for('nestjs-layercache:options');

/** What log lines of ours begin with. */
export const LOGGER_CONTEXT = 'LayerCache';
