import { describe, it } from '@jest/globals';
import { ManualClock, sharedTierCases } from '../../../lib/testing/index.js';
import { ModelledRedis } from '../../simulation/modelled-redis.js';
import { bondOn } from '../../support/bonds.js';
import { ModelledLink } from '../../support/modelled-link.js';

describe('The modelled Redis as a shared tier', () => {
  const pair = async () => {
    const clock = new ManualClock(1_000);
    let micros = 1_763_000_000_000_000;
    const server = new ModelledRedis({ time: () => ++micros, runId: `${'a'.repeat(40)}:${'b'.repeat(40)}` });
    const join = async () => (await bondOn(new ModelledLink(server), clock, 'kept')).tier;
    return { one: await join(), other: await join(), clock };
  };
  for (const { name, run } of sharedTierCases(pair)) it(name, run);
});
