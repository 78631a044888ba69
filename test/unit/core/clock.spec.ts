import { performance } from 'node:perf_hooks';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { systemClock } from '../../../lib/core/clock.js';

const LONGEST_TIMER = 2 ** 31 - 1;
const DAY = 86_400_000;

/** How many timers would keep this process alive. */
const timersHoldingTheProcess = (): number =>
  process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;

describe('The system clock', () => {
  it('never goes back', () => {
    const readings = Array.from({ length: 1_000 }, () => systemClock.now());
    expect(readings).toEqual([...readings].sort((a, b) => a - b));
  });

  it('runs a task once, not before its time', async () => {
    const asked = systemClock.now();
    let runs = 0;
    await new Promise<void>((resolve) => {
      systemClock.after(3, () => {
        runs++;
        resolve();
      });
    });
    // A Node timer counts whole milliseconds, so it may be a fraction early.
    expect(systemClock.now() - asked).toBeGreaterThan(1.9);
    expect(runs).toBe(1);
  });

  it('does not keep the process alive for a task, as a plain timer would', () => {
    const before = timersHoldingTheProcess();
    const cancel = systemClock.after(60_000, () => undefined);
    expect(timersHoldingTheProcess()).toBe(before);
    const plain = setTimeout(() => undefined, 60_000);
    expect(timersHoldingTheProcess()).toBe(before + 1);
    clearTimeout(plain);
    cancel();
  });

  it('does not run a task at once whose delay is more than a Node timer can hold', async () => {
    const task = jest.fn();
    const cancel = systemClock.after(LONGEST_TIMER + 1, task);
    await new Promise<void>((resolve) => {
      systemClock.after(3, resolve);
    });
    cancel();
    expect(task).not.toHaveBeenCalled();
  });
});

describe('The system clock over days', () => {
  beforeEach(() => {
    jest.useFakeTimers({ now: 0 });
    jest.spyOn(performance, 'now').mockImplementation(() => Date.now());
  });

  afterEach(() => {
    jest.restoreAllMocks();
    jest.useRealTimers();
  });

  const delays: readonly [string, number][] = [
    ['no time at all', 0],
    ['one millisecond', 1],
    ['the longest a Node timer holds', LONGEST_TIMER],
    ['half a day more than that', LONGEST_TIMER + DAY / 2],
    ['30 days', 30 * DAY],
    ['one and a half times that', Math.floor(1.5 * LONGEST_TIMER)],
    ['one and three quarters of that', Math.floor(1.75 * LONGEST_TIMER)],
    ['two and a quarter times that', Math.floor(2.25 * LONGEST_TIMER)],
    ['a year', 365 * DAY],
  ];

  it.each(delays)('runs a task when its time has come and not before, after %s', (_words, ms) => {
    const ranAt: number[] = [];
    systemClock.after(ms, () => ranAt.push(systemClock.now()));
    jest.advanceTimersByTime(2 * ms + 10);
    expect(ranAt).toHaveLength(1);
    expect(ranAt[0]).toBeGreaterThanOrEqual(ms);
    expect(ranAt[0]).toBeLessThanOrEqual(ms + 2);
  });

  it.each(delays)('never runs a task that was called off, however late the cancel: %s', (_words, ms) => {
    const task = jest.fn();
    const cancel = systemClock.after(ms, task);
    // In steps, so that a long delay has been armed anew by then.
    jest.advanceTimersByTime(Math.floor(ms * 0.6));
    const ranAlready = task.mock.calls.length;
    cancel();
    jest.advanceTimersByTime(2 * ms + 10);
    expect(task).toHaveBeenCalledTimes(ranAlready);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('takes a cancel twice, and one that comes after the task', () => {
    const task = jest.fn();
    const cancel = systemClock.after(5, task);
    jest.advanceTimersByTime(10);
    cancel();
    cancel();
    jest.advanceTimersByTime(10);
    expect(task).toHaveBeenCalledTimes(1);
  });
});
