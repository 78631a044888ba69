import { Cluster } from './cluster.js';
import { now, type Second } from './records.js';

/** How an outage is brought about, and to whom. */
export interface OutageOptions {
  readonly processes: number;
  /** Of all processes together. */
  readonly readsPerSecond: number;
  readonly keys: number;
  readonly ttl: number;
  readonly detachedTtl: number;
  readonly loadMs: number;
  /** In seconds, as the next two. */
  readonly warmUp: number;
  readonly outage: number;
  readonly after: number;
}

export interface OutageSecond extends Second {
  /** Seconds since Redis was gone. */
  readonly at: number;
}

/** Redis is killed for a while, and comes back with nothing: what that means for the source, second by second. */
export async function measureOutage(options: OutageOptions): Promise<readonly OutageSecond[]> {
  const { processes, readsPerSecond, keys, ttl, detachedTtl, loadMs } = options;
  const cluster = await Cluster.start({ processes, cache: { ttl, detachedTtl, staleBound: '2s', jitter: 0.3 } });
  try {
    await Promise.all(
      cluster.workers.map((worker, seed) =>
        worker.do({ act: 'stream', stream: { seed, keys, loadMs, perSecond: readsPerSecond / processes } }),
      ),
    );
    await cluster.goOn(options.warmUp * 1_000);
    // Seconds are counted from full ones.
    await cluster.goOn(1_000 - (now() % 1_000));
    const gone = Math.floor(now() / 1_000);
    await cluster.server.kill();
    await cluster.goOn(options.outage * 1_000);
    await cluster.server.restart({ empty: true });
    await cluster.goOn(options.after * 1_000);
    const counted = await Promise.all(
      cluster.workers.map((worker) => worker.do<Record<number, Second>>({ act: 'seconds' })),
    );
    await Promise.all(cluster.workers.map((worker) => worker.close()));
    const length = options.warmUp + options.outage + options.after;
    return Array.from({ length }, (_, index) => sumOf(counted, gone, index - options.warmUp));
  } finally {
    await cluster.stop();
  }
}

function sumOf(counted: readonly Record<number, Second>[], gone: number, at: number): OutageSecond {
  const all = counted.flatMap((ofOne) => ofOne[gone + at] ?? []);
  const sum = (of: (second: Second) => number): number => all.reduce((total, second) => total + of(second), 0);
  return {
    at,
    reads: sum(({ reads }) => reads),
    loads: sum(({ loads }) => loads),
    failures: sum(({ failures }) => failures),
    slowest: Math.max(0, ...all.map(({ slowest }) => slowest)),
  };
}

export interface Phase {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** The last ten seconds before, the outage, and what came after. */
export function phasesOf({ outage, after, warmUp }: OutageOptions): readonly Phase[] {
  return [
    { name: 'before', from: -Math.min(10, warmUp), to: 0 },
    { name: 'during', from: 0, to: outage },
    { name: 'after', from: outage, to: outage + after },
  ];
}

/** Of one phase: loads per second in the mean and in the worst second, the slowest read, and how many failed. */
export function summaryOf(seconds: readonly OutageSecond[], { from, to }: Phase): Second & { readonly worst: number } {
  const within = seconds.filter(({ at }) => at >= from && at < to);
  const mean = (of: (second: Second) => number): number =>
    within.reduce((total, second) => total + of(second), 0) / Math.max(1, within.length);
  return {
    reads: mean(({ reads }) => reads),
    loads: mean(({ loads }) => loads),
    worst: Math.max(0, ...within.map(({ loads }) => loads)),
    failures: within.reduce((total, { failures }) => total + failures, 0),
    slowest: Math.max(0, ...within.map(({ slowest }) => slowest)),
  };
}
