import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { tell } from './account.js';
import { Cluster } from './cluster.js';
import type { BurstResult } from './crowd.js';
import { type Burst, now } from './records.js';

const PROCESSES = 8;
const CALLERS = 500;
const PATIENCE = 4_000;
const RETRY_AFTER = 150;

describe('Eight processes with 500 callers each', () => {
  let cluster: Cluster;

  beforeEach(async () => {
    cluster = await Cluster.start({
      processes: PROCESSES,
      // What a busy machine delays is not a silence of Redis.
      cache: { redis: { commandTimeout: '5s' }, staleBound: '15s', patience: PATIENCE, retryAfter: RETRY_AFTER },
    });
  });

  afterEach(() => cluster.stop());

  const burst = async (of: Partial<Burst>): Promise<BurstResult[][]> => {
    const whole: Burst = {
      ...{ keys: ['cold'], callers: CALLERS, at: now() + 30, every: 0, loadMs: 30, loadFails: false, forMs: 0 },
      ...of,
    };
    const lost = (): BurstResult[] => [];
    return Promise.all(
      cluster.workers.map((worker) => worker.do<BurstResult[]>({ act: 'burst', burst: whole }).catch(lost)),
    );
  };

  const loadedOnce = (key: string, of: readonly BurstResult[]): { id: string; ended: number } => {
    const results = of.filter((result) => result.key === key);
    const loads = results.flatMap((result) => result.loads);
    expect(loads).toEqual([expect.objectContaining({ ended: expect.any(Number) })]);
    const [{ id, ended = NaN } = { id: '' }] = loads;
    expect(results.flatMap(({ answers }) => answers)).toEqual(Array.from({ length: PROCESSES }, () => id));
    return { id, ended };
  };

  it('load each of 200 cold keys once, and answer all with that', async () => {
    for (let round = 0; round < 20; round++) {
      const keys = Array.from({ length: 10 }, (_, index) => `cold-${round}-${index}`);
      const results = (await burst({ keys })).flat();
      for (const key of keys) loadedOnce(key, results);
    }
  });

  it('are answered by the load of another as soon as that is over', async () => {
    const delays: number[] = [];
    for (let round = 0; round < 8; round++) {
      const results = (await burst({ keys: [`cold-${round}`], loadMs: 170 })).flat();
      const { ended } = loadedOnce(`cold-${round}`, results);
      const followers = results.filter(({ at, loads }) => loads.length === 0 && at < ended);
      delays.push(...followers.map(({ first }) => first - ended));
    }
    expect(delays.length).toBeGreaterThan(0);
    delays.sort((a, b) => a - b);
    tell('answered so many ms after the load of another:', delays);
    // Whoever were not woken would look again after some 180 ms.
    expect(delays[Math.floor(delays.length / 2)]).toBeLessThan(90);
  });

  it('load once more when whoever loads is killed, and wait no longer than their patience', async () => {
    const answered = burst({ loadMs: 600 });
    while (cluster.history.loads.length === 0) await cluster.goOn(10);
    const [holder] = cluster.history.loads;
    await cluster.workers.find(({ name }) => name === holder?.by)?.kill();
    const results = (await answered).flat();
    expect(results).toHaveLength(PROCESSES - 1);
    const loads = results.flatMap((result) => result.loads);
    expect(loads).toHaveLength(1);
    for (const { answers, at, last } of results) {
      expect(answers).toEqual([loads[0]?.id]);
      expect(last - at).toBeLessThan(PATIENCE + 600);
    }
  });

  it('try one at a time, with pauses, when the load fails', async () => {
    const results = (await burst({ loadFails: true })).flat();
    for (const { answers } of results) expect(answers).toEqual([expect.stringMatching(/^Error: no row/)]);
    const pauses = pausesBetween(results);
    expect(pauses).toHaveLength(PROCESSES - 1);
    // Who asks only when a load has failed already does not wait for it.
    expect(Math.max(...pauses)).toBeGreaterThan(RETRY_AFTER - 1);
    expect(Math.min(...pauses)).toBeGreaterThan(0);
  });

  it('try one at a time, however often they ask for what fails', async () => {
    const results = (await burst({ loadFails: true, callers: 20, forMs: 1_000 })).flat();
    expect(Math.min(...pausesBetween(results))).toBeGreaterThan(0);
  });
});

/** From the end of each load to the beginning of the next, whoever loads. */
function pausesBetween(results: readonly BurstResult[]): number[] {
  const loads = results.flatMap((result) => result.loads).sort((a, b) => a.began - b.began);
  return loads.slice(1).map(({ began }, index) => began - (loads[index]?.ended ?? NaN));
}
