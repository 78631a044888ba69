import { describe, expect, it } from '@jest/globals';
import { RULES } from './modelled-records.js';
import { ScriptRaces } from './script-races.js';

const SEEDS = Number(process.env['SEEDS'] ?? 1_000);
const STEPS = 150;

describe('The scripts, whatever they are interleaved with,', () => {
  it('never leave a valid entry whose load began before an invalidation that covers it', () => {
    let found = 0;
    for (let seed = 1; seed <= SEEDS; seed++) found += new ScriptRaces(seed).run(STEPS);
    expect(found).toBeGreaterThan(SEEDS * 20);
  });

  it.each(RULES)('would do so without the rule that %s', (rule) => {
    const firstSeedThat = (seeds: number): number | undefined => {
      for (let seed = 1; seed <= seeds; seed++) if (breaks(seed)) return seed;
      return undefined;
    };
    const breaks = (seed: number): boolean => {
      try {
        new ScriptRaces(seed, [rule]).run(STEPS);
        return false;
      } catch {
        return true;
      }
    };
    expect(firstSeedThat(5_000)).toEqual(expect.any(Number));
  });
});
