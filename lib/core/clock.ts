import { performance } from 'node:perf_hooks';

/** Calls off what `Clock.after` scheduled; calling it late or twice does nothing. */
export type Cancel = () => void;

/** The only source of time: what decides by time takes one of these, so that a test can hold it. */
export interface Clock {
  /** Monotonic milliseconds. Only differences between two readings of one clock mean anything. */
  now(): number;
  /** Runs `task` once, `ms` milliseconds from now, without keeping the process alive for it. */
  after(ms: number, task: () => void): Cancel;
}

/** Above this a Node timer overflows and fires at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

class SystemClock implements Clock {
  now(): number {
    return performance.now();
  }

  after(ms: number, task: () => void): Cancel {
    let timer: NodeJS.Timeout;
    // Counts down rather than looks at the clock, which a test that replaces timers may have left as it is.
    const arm = (left: number): void => {
      const wait = Math.min(left, LONGEST_TIMER);
      timer = setTimeout(() => (left > wait ? arm(left - wait) : task()), wait);
      timer.unref();
    };
    arm(ms);
    return () => clearTimeout(timer);
  }
}

/** The process's monotonic clock: no change of the wall clock moves it. */
export const systemClock: Clock = new SystemClock();

/** A little longer than what is waited for, which must have come to its end first. */
const SLACK = 50;

/** Keeps the process alive for so many milliseconds, or until called off. What a clock schedules does not, and who waits may wait for nothing else. */
export function stayAwake(ms: number): Cancel {
  const timer = setTimeout(() => undefined, ms + SLACK);
  return () => clearTimeout(timer);
}
