import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Lateness } from './way-messages.js';

/** How often it is looked at, in milliseconds. */
const EVERY = 5;

/** Watches from now on how late the event loop of this process is, and answers with how late it was. */
export function watchLateness(): () => Lateness {
  const histogram = monitorEventLoopDelay({ resolution: EVERY });
  histogram.enable();
  const late = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - EVERY);
  return () => ({
    half: late(histogram.percentile(50)),
    most: late(histogram.percentile(99)),
    nearlyAll: late(histogram.percentile(99.9)),
    max: late(histogram.max),
  });
}
