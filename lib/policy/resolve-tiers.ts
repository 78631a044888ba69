import { LayerCacheConfigError } from '../core/errors.js';
import type { FarTier } from './far-tier.js';

const NAME = /^[A-Za-z0-9._-]{1,64}$/;
const TAKEN: readonly unknown[] = ['memory', 'redis'];
const METHODS = ['get', 'set', 'delete'] as const;

const EXAMPLE = 'an array of objects with name, get(), set() and delete()';

/** Decides which tiers there are behind Redis. */
export function resolveTiers(given: unknown, place: 'behind redis' | 'without redis'): readonly FarTier[] {
  if (given === undefined) return Object.freeze([]);
  if (place === 'without redis') {
    const takes =
      'undefined without redis: only Redis knows which of the values that another tier holds were invalidated';
    throw new LayerCacheConfigError({ option: 'tiers', got: given, takes });
  }
  if (!Array.isArray(given)) throw new LayerCacheConfigError({ option: 'tiers', got: given, takes: EXAMPLE });
  const tiers: readonly unknown[] = Array.from(given as unknown[]);
  const names = new Set<string>();
  return Object.freeze(tiers.map((tier, index) => tierOf(tier, `tiers[${index}]`, names)));
}

function tierOf(given: unknown, option: string, names: Set<string>): FarTier {
  if (typeof given !== 'object' || given === null) {
    throw new LayerCacheConfigError({ option, got: given, takes: 'an object with name, get(), set() and delete()' });
  }
  const tier = given as Partial<Record<keyof FarTier, unknown>>;
  for (const method of METHODS) {
    if (typeof tier[method] === 'function') continue;
    throw new LayerCacheConfigError({ option: `${option}.${method}`, got: tier[method], takes: 'a function' });
  }
  const { name } = tier;
  if (typeof name !== 'string' || !NAME.test(name) || TAKEN.includes(name) || names.has(name)) {
    const takes = "1 to 64 of A-Z a-z 0-9 . _ -, not 'memory', not 'redis', and each name once";
    throw new LayerCacheConfigError({ option: `${option}.name`, got: name, takes });
  }
  names.add(name);
  return given as FarTier;
}
