import type { Clock } from '../core/clock.js';
import { messageOf } from '../core/errors.js';
import type { Warn } from '../core/observer.js';
import type { Random } from '../core/random.js';
import type { LayerCacheOptions } from '../policy/options.js';
import { resolveName, resolveOptions } from '../policy/resolve-options.js';
import { refuseNoOptions, refuseUnknownOptions, suspicionOf } from '../policy/resolve-policy.js';
import type { RedisLink } from '../redis/link.js';
import type { NearTier, OnEvict } from '../tiers/near-tier.js';
import { assemble } from './assemble.js';
import type { Drain } from './drain.js';
import type { LayerCache } from './engine.js';

/** What a cache is built from, where it is not to be the usual. */
export interface LayerCacheParts {
  /** The first argument of every event. Default `'default'`. */
  name?: string;
  /** Where time comes from. Default: the process's monotonic clock. */
  clock?: Clock;
  /** Where randomness comes from. Default: the system's. */
  random?: Random;
  /** Makes the near tier. Default: memory, as the options say. */
  near?: (onEvict: OnEvict) => NearTier;
  /** Owns what runs behind the callers' backs; close it to let that end. Default: one of its own. */
  drain?: Drain;
  /** Hears warnings, each once. Default: `process.emitWarning`. */
  warn?: Warn;
  /**
   * Reach Redis in place of what the option `redis` says: one for each of the parts that the keys are divided into.
   * @internal
   */
  links?: readonly RedisLink[];
  /**
   * When it connects to Redis. Default: now.
   * @internal
   */
  opens?: 'now' | 'by ready()';
}

const PART_NAMES = [
  'name',
  'clock',
  'random',
  'near',
  'drain',
  'warn',
  'links',
  'opens',
] as const satisfies readonly (keyof LayerCacheParts)[];

/** Makes a cache. Every option is checked here; a bad one throws a `LayerCacheConfigError`. */
export function createLayerCache(options: LayerCacheOptions = {}, parts: LayerCacheParts = {}): LayerCache {
  const settings = resolveOptions(options);
  refuseNoOptions(parts, 'parts');
  refuseUnknownOptions(parts, PART_NAMES, 'parts.');
  const name = parts.name === undefined ? 'default' : resolveName(parts.name);
  const warn = onceEach(parts.warn ?? emitWarning, name);
  const suspicion = suspicionOf(options);
  if (suspicion !== undefined) warn(suspicion);
  return assemble(settings, { ...parts, name, warn });
}

/** Texts that differ each time must not fill the memory of who remembers them. */
const MOST_TEXTS = 100;

function onceEach(warn: Warn, name: string): Warn {
  const said = new Set<string>();
  return (message) => {
    if (said.has(message) || said.size === MOST_TEXTS) return;
    said.add(message);
    try {
      warn(`cache '${name}': ${message}`);
    } catch (error) {
      emitWarning(`cache '${name}': ${message} (told here, because warn() failed: ${messageOf(error)})`);
    }
  };
}

function emitWarning(message: string): void {
  process.emitWarning(message, { type: 'LayerCacheWarning' });
}
