import { describe, expect, it } from '@jest/globals';
import { runOneProcess, type Sightings } from './one-process.js';

const SEEDS = 150;

describe('In one process, by any order of reads, loads, failures and invalidations,', () => {
  const total: Partial<Sightings> = {};

  it('no read is given what an invalidation had covered before it began, and every read ends', async () => {
    for (let seed = 1; seed <= SEEDS; seed++) {
      const { violations, seen } = await runOneProcess(seed);
      expect({ seed, violations }).toEqual({ seed, violations: [] });
      for (const [what, count] of Object.entries(seen) as [keyof Sightings, number][]) {
        total[what] = (total[what] ?? 0) + count;
      }
    }
  }, 300_000);

  it('nothing that could go wrong was left untried', () => {
    for (const [what, count] of Object.entries(total))
      expect({ what, tried: count > 0 }).toEqual({ what, tried: true });
    expect(Object.keys(total)).toHaveLength(7);
  });

  it('the same seed gives the same history', async () => {
    const [first, second] = [await runOneProcess(42), await runOneProcess(42)];
    expect(second.trace).toEqual(first.trace);
    expect(first.trace.length).toBeGreaterThan(50);
  });
});
