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
