import { type Clock, systemClock } from '../core/clock.js';
import { messageOf } from '../core/errors.js';
import { composeObservers, type Warn } from '../core/observer.js';
import { type Random, systemRandom } from '../core/random.js';
import { Ledger } from '../coherence/ledger.js';
import { Reporter } from '../observe/reporter.js';
import type { LayerCacheOptions } from '../policy/options.js';
import { type LayerCacheSettings, resolveName, resolveOptions } from '../policy/resolve-options.js';
import { refuseNoOptions, refuseUnknownOptions, suspicionOf } from '../policy/resolve-policy.js';
import { Retention } from '../policy/retention.js';
import { MemoryTier } from '../tiers/memory.tier.js';
import type { NearTier, OnEvict } from '../tiers/near-tier.js';
import { Bypass } from './bypass.js';
import { CallPolicy } from './call-policy.js';
import { Drain } from './drain.js';
import { LayerCache } from './engine.js';
import { Flights } from './flight.js';
import { Invalidate } from './invalidate.js';
import { KeyScope } from './key-scope.js';
import { affordableLoadChain, type LoadChain } from './load-chain.js';
import { LoadSlots } from './load-slots.js';
import { Look } from './look.js';
import { Miss } from './miss.js';
import { ReadThrough } from './read-through.js';
import { Refresh } from './refresh.js';
import { Shortcuts, TrackedTier } from './shortcuts.js';
import { Wait } from './wait.js';

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
}

const PART_NAMES = [
  'name',
  'clock',
  'random',
  'near',
  'drain',
  'warn',
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
  return assemble(settings, name, { ...parts, warn });
}

function assemble(settings: LayerCacheSettings, name: string, parts: LayerCacheParts & { warn: Warn }): LayerCache {
  const { clock = systemClock, random = systemRandom, drain = new Drain(), warn } = parts;
  const events = composeObservers(name, settings.observers, warn);
  const shortcuts = new Shortcuts();
  const onEvict: OnEvict = (entry, cause) => {
    shortcuts.forget(entry.key);
    events.evict?.(entry.key, cause);
  };
  const tier = parts.near?.(onEvict) ?? new MemoryTier(settings.memory, onEvict);
  const near = new TrackedTier(tier, shortcuts);
  const reporter = new Reporter(events, near);
  const ledger = new Ledger(near, (entry) => reporter.evict(entry.key, 'invalidated'));
  const look = new Look(near, ledger, reporter);
  const retention = new Retention(settings.isolation, random);
  const callPolicy = new CallPolicy(settings.policy, warn);
  const chain: LoadChain = affordableLoadChain(process.versions.node, process.env['NODE_ENV']);
  const flights = new Flights();
  const slots = new LoadSlots(settings.loads, chain.complete ? undefined : clock);
  const miss = new Miss({ clock, near, ledger, flights, slots, chain, retention, reporter });
  const refresh = new Refresh({ slots, miss, drain, reporter });
  const wait = new Wait({ clock, ledger, look, chain, drain, reporter });
  const invalidate = new Invalidate({ near, ledger, flights, reporter });
  return new LayerCache({
    enabled: settings.enabled,
    clock,
    near: tier,
    ledger,
    look,
    retention,
    callPolicy,
    readThrough: new ReadThrough({
      clock,
      random,
      ledger,
      flights,
      slots,
      look,
      miss,
      refresh,
      wait,
      reporter,
    }),
    bypass: new Bypass(reporter),
    shortcuts,
    invalidate,
    scope: settings.keyContext && new KeyScope(settings.keyContext, reporter, warn),
    reporter,
  });
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
