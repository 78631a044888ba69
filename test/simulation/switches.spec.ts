import { describe, expect, it } from '@jest/globals';
import { engine } from './engine-under-test.js';
import { type Rule, RULES } from './modelled-records.js';
import { drawPlan } from './plan.js';
import { simulate } from './simulation.js';
import { SWITCHES } from './switches.js';
import type { Kit } from './world.js';

const LONGEST_SEARCH = 1_500;
/** Too rare among whole processes; `script-races.spec.ts` finds them. */
const RARE: readonly Rule[] = [
  'a lease is of the number it was taken at',
  'a late tag without a record needs a stream that stood still',
  'a record is made at the present number',
];

async function firstSeedThatFails(kit: Kit): Promise<number | undefined> {
  for (let seed = 1, runs = 0; runs < LONGEST_SEARCH; seed++) {
    const plan = drawPlan(seed);
    if (kit.off?.needsCalm === true && !plan.settings.isCalm) continue;
    runs++;
    const { violations } = await simulate(plan, kit);
    if (violations.length > 0) return seed;
  }
  return undefined;
}

describe('A promise is broken, and that is seen, without the rule that', () => {
  it.each(RULES.filter((rule) => !RARE.includes(rule)))(
    '%s',
    async (rule) => {
      expect(await firstSeedThatFails({ make: engine, without: [rule] })).toEqual(expect.any(Number));
    },
    300_000,
  );

  it.each(SWITCHES)(
    '$rule',
    async (off) => {
      expect(await firstSeedThatFails({ make: engine, off })).toEqual(expect.any(Number));
    },
    300_000,
  );
});
