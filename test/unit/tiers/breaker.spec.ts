import { describe, expect, it } from '@jest/globals';
import { Breaker } from '../../../lib/tiers/breaker.js';

/** Asks at an instant, and fails; says whether it was let through, and was the beginning of an outage. */
function failAt(breaker: Breaker, now: number): 'not asked' | 'begins' | 'goes on' {
  const attempt = breaker.enter(now);
  if (attempt === undefined) return 'not asked';
  return breaker.failed(attempt, now) ? 'begins' : 'goes on';
}

describe('A breaker', () => {
  it('opens at the third failure in a row, and lets one probe through after a second', () => {
    const breaker = new Breaker();
    expect([0, 1, 2, 3, 1_001].map((now) => failAt(breaker, now))).toEqual([
      ...['begins', 'goes on', 'goes on', 'not asked', 'not asked'],
    ]);
    const probe = breaker.enter(1_002);
    expect([probe, breaker.enter(1_003)]).toEqual([{ sentAt: 1_002 }, undefined]);
  });

  it('waits twice as long after each probe that fails, and half a minute at most', () => {
    const breaker = new Breaker();
    for (let now = 0; now < 3; now++) failAt(breaker, now);
    const asked: number[] = [];
    for (let now = 3; now < 150_000; now++) if (failAt(breaker, now) !== 'not asked') asked.push(now);
    const pauses = asked.map((at, index) => at - (asked[index - 1] ?? 2));
    expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
  });

  it('closes when a probe succeeds, and begins anew', () => {
    const breaker = new Breaker();
    for (let now = 0; now < 3; now++) failAt(breaker, now);
    const probe = breaker.enter(2_000);
    if (probe !== undefined) breaker.succeeded(probe);
    expect([2_001, 2_002, 2_003, 3_002, 3_003].map((now) => failAt(breaker, now))).toEqual([
      ...['begins', 'goes on', 'goes on', 'not asked', 'goes on'],
    ]);
  });

  it('is not opened by failures with successes between them', () => {
    const breaker = new Breaker();
    for (let now = 0; now < 30; now += 3) {
      expect([failAt(breaker, now), failAt(breaker, now + 1)]).toEqual(['begins', 'goes on']);
      const attempt = breaker.enter(now + 2);
      if (attempt !== undefined) breaker.succeeded(attempt);
    }
  });

  it('counts as one what fails of all that was under way together', () => {
    const breaker = new Breaker();
    const attempts = [0, 1, 2, 3, 4].map((now) => breaker.enter(now));
    const told = attempts.map((attempt) => attempt !== undefined && breaker.failed(attempt, 500));
    expect(told).toEqual([true, false, false, false, false]);
    expect(failAt(breaker, 500)).toBe('goes on');
    expect(failAt(breaker, 501)).toBe('goes on');
    expect(failAt(breaker, 502)).toBe('not asked');
  });

  it('does not take what was sent before a failure for the end of the outage', () => {
    const breaker = new Breaker();
    const early = breaker.enter(0);
    for (let now = 1; now < 4; now++) failAt(breaker, now);
    if (early !== undefined) breaker.succeeded(early);
    expect(failAt(breaker, 5)).toBe('not asked');
  });
});
