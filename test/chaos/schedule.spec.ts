import { describe, expect, it } from '@jest/globals';
import type { FaultKind } from './fault.js';
import { PROCESS_FAULTS } from './process-faults.js';
import { Schedule, type Step } from './schedule.js';
import { WAY_FAULTS } from './way-faults.js';

const REDIS: readonly FaultKind[] = ['one', 'other'].map((name) => ({
  ...{ name, aim: 'redis', weight: 1, lengths: [50, 500, 30_000] },
  run: () => Promise.resolve(),
}));
const kinds = [...REDIS, ...WAY_FAULTS, ...PROCESS_FAULTS];
const STEPS = 3_000;

function drawn(seed: number, of = kinds): readonly Step[] {
  const schedule = new Schedule({ seed, seats: 4, kinds: of });
  return Array.from({ length: STEPS }, () => schedule.next());
}

describe('A schedule', () => {
  it('is the same for the same seed, whenever workloads are asked for', () => {
    const [one, other] = [1, 2].map(() => new Schedule({ seed: 7, seats: 4, kinds }));
    const workloads = [one, other].map((schedule) => schedule?.workload());
    expect(workloads[0]).toEqual(workloads[1]);
    for (let step = 0; step < 200; step++) {
      if (step % 10 === 0) one?.workload();
      expect(one?.next()).toEqual(other?.next());
    }
  });

  it('is another for another seed', () => {
    expect(drawn(1)).not.toEqual(drawn(2));
  });

  it('brings every kind, at every seat', () => {
    const blows = drawn(1).flatMap((step) => step.blows);
    expect(new Set(blows.map(({ kind }) => kind.name))).toEqual(new Set(kinds.map(({ name }) => name)));
    expect(new Set(blows.map(({ draw }) => draw.seat))).toEqual(new Set([0, 1, 2, 3]));
  });

  it('lets two fall together sometimes, never at the same place, and never without Redis', () => {
    const together = drawn(1).filter(({ blows }) => blows.length > 1);
    expect(together.length).toBeGreaterThan(STEPS / 50);
    for (const { blows } of together) {
      const aims = blows.map(({ kind }) => kind.aim);
      expect(aims).toContain('redis');
      expect(new Set(aims).size).toBe(2);
    }
  });

  it('keeps most faults short, and all within what their kind allows', () => {
    const lengths = drawn(1)
      .flatMap((step) => step.blows)
      .filter(({ kind }) => kind.aim === 'redis')
      .map(({ draw }) => draw.ms);
    expect(Math.min(...lengths)).toBeGreaterThanOrEqual(50);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(30_000);
    expect(Math.max(...lengths)).toBeGreaterThan(1_000);
    expect(lengths.filter((ms) => ms <= 500).length).toBeGreaterThan(lengths.length * 0.9);
  });

  it('leaves some 17 faults to a minute, and half of the time calm', () => {
    const steps = drawn(1);
    const calm = steps.reduce((sum, step) => sum + step.calm, 0);
    const busy = steps.reduce(
      (sum, { blows }) => sum + Math.max(...blows.map(({ draw, after }) => draw.ms + after)),
      0,
    );
    expect(steps.flatMap((step) => step.blows).length / ((calm + busy) / 60_000)).toBeGreaterThan(17);
    expect(calm / (calm + busy)).toBeGreaterThan(0.4);
  });

  it('asks nothing of what a topology does not have', () => {
    const blows = drawn(1, [...PROCESS_FAULTS]).flatMap((step) => step.blows);
    expect(new Set(blows.map(({ kind }) => kind.aim))).toEqual(new Set(['process']));
  });
});
