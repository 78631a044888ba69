import { describe, expect, it } from '@jest/globals';
import { Counters } from './counters.js';
import { engine } from './engine-under-test.js';
import { drawPlan } from './plan.js';
import { SIGHTS } from './sights.js';
import { simulate } from './simulation.js';

/** More with SEEDS=5000, other ones with FIRST_SEED=…; many more by `npm run simulate`. */
const SEEDS = Number(process.env['SEEDS'] ?? 500);
const FIRST_SEED = Number(process.env['FIRST_SEED'] ?? 1);

const counters = new Counters();

describe('Whatever processes, network, Redis and source do to one another,', () => {
  it('what is promised of freshness, loads and rest holds', async () => {
    for (let seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
      const run = await simulate(drawPlan(seed), { make: engine });
      counters.add(run.counters.all());
      const replay = `npm run simulate -- --seed ${seed} --shrink`;
      expect({ replay, violations: run.violations }).toEqual({ replay, violations: [] });
    }
  }, 600_000);

  it('nothing that could go wrong was left untried', () => {
    expect(SIGHTS.filter((sight) => counters.of(sight) === 0)).toEqual([]);
  });

  it('the same seed gives the same history', async () => {
    for (const seed of [1, 2, 3]) {
      const [first, second] = [
        await simulate(drawPlan(seed), { make: engine, isTraced: true }),
        await simulate(drawPlan(seed), { make: engine }),
      ];
      expect(second.hash).toBe(first.hash);
      expect(first.trace.length).toBeGreaterThan(100);
    }
  });
});
