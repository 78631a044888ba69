import { describe, expect, it } from '@jest/globals';
import { measureOutage, type OutageOptions, phasesOf, summaryOf } from './measured-outage.js';

const OUTAGE: OutageOptions = {
  ...{ processes: 5, readsPerSecond: 1_000, keys: 100, ttl: 60_000, detachedTtl: 10_000, loadMs: 5 },
  ...{ warmUp: 3, outage: 3, after: 3 },
};

describe('When Redis is gone for a while', () => {
  it('no read fails, and the source is asked for little at a time', async () => {
    const seconds = await measureOutage(OUTAGE);
    const [, during, after] = phasesOf(OUTAGE).map((phase) => summaryOf(seconds, phase));
    expect(seconds.reduce((failures, second) => failures + second.failures, 0)).toBe(0);
    // Some 400 a second, if all that memory holds had to be loaded anew at once.
    expect(during?.worst).toBeLessThan(200);
    expect(after?.worst).toBeLessThan(200);
  });
});
