import { describe, expect, it } from '@jest/globals';
import { farCache } from './far-stand-in.js';
import { drawPlan } from './plan.js';
import { simulate } from './simulation.js';
import { deafCache, noCache } from './stand-ins.js';
import type { Kit } from './world.js';

const SEEDS = 40;

async function failures(kit: Kit): Promise<readonly number[]> {
  const failed: number[] = [];
  for (let seed = 1; seed <= SEEDS; seed++) {
    const { violations } = await simulate(drawPlan(seed), { ...kit, judges: 'answers' });
    if (violations.length > 0) failed.push(seed);
  }
  return failed;
}

describe('The simulation', () => {
  it('finds nothing wrong with a cache that keeps nothing', async () => {
    expect(await failures({ make: noCache })).toEqual([]);
  });

  it('finds nothing wrong with one that keeps all in Redis, by the rules of the scripts', async () => {
    expect(await failures({ make: farCache })).toEqual([]);
  });

  it('finds most histories of one that keeps all in memory, and tells nobody, to be wrong', async () => {
    expect((await failures({ make: deafCache })).length).toBeGreaterThan(SEEDS / 2);
  });

  it('finds the other one wrong where the scripts do not hold', async () => {
    expect((await failures({ make: farCache, without: ['a store needs its lease'] })).length).toBeGreaterThan(0);
  });
});
