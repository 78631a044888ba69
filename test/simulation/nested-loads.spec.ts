import { describe, expect, it } from '@jest/globals';
import { runNestedLoads } from './nested-loads.js';

const SEEDS = 1_000;

describe('Among loads that call each other under a small limit,', () => {
  it('none waits for ever, and no slot is lost or made', async () => {
    for (let seed = 1; seed <= SEEDS; seed++) {
      expect({ seed, faults: await runNestedLoads(seed) }).toEqual({ seed, faults: [] });
    }
  }, 300_000);
});
