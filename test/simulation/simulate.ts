import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { parseArgs } from 'node:util';
import { Counters } from './counters.js';
import { engine } from './engine-under-test.js';
import { drawPlan } from './plan.js';
import { account, shrink } from './shrink.js';
import { simulate } from './simulation.js';

const WORKERS = 2;
/** So many seeds are told of at once. */
const BATCH = 20;

interface Share {
  readonly from: number;
  readonly seeds: number;
  readonly step: number;
}

interface Told {
  readonly seeds: number;
  readonly worst: number;
  readonly failures: readonly { readonly seed: number; readonly violations: readonly string[] }[];
  readonly counters: readonly (readonly [string, number])[];
}

/** What nobody waits for and nobody handles belongs to the seed that is run. */
const unhandled: string[] = [];
process.on('unhandledRejection', (reason) => void unhandled.push(`nobody handles: ${String(reason)}`));

async function work({ from, seeds, step }: Share, tell: (told: Told) => void): Promise<void> {
  // Nobody reads where an error came from: a seed that fails is run again.
  Error.stackTraceLimit = 0;
  for (let first = from; first < from + seeds * step; first += BATCH * step) {
    const counters = new Counters();
    const failures = [];
    let worst = 0;
    let done = 0;
    for (let seed = first; seed < Math.min(first + BATCH * step, from + seeds * step); seed += step) {
      const run = await simulate(drawPlan(seed), { make: engine });
      counters.add(run.counters.all());
      worst = Math.max(worst, run.worst);
      done++;
      const violations = [...run.violations, ...unhandled.splice(0)];
      if (violations.length > 0) failures.push({ seed, violations });
    }
    tell({ seeds: done, worst, failures, counters: counters.all() });
  }
}

async function lead(from: number, seeds: number): Promise<void> {
  const counters = new Counters();
  const failed: number[] = [];
  let [done, worst] = [0, 0];
  const hear = (told: Told): void => {
    counters.add(told.counters);
    done += told.seeds;
    worst = Math.max(worst, told.worst);
    for (const { seed, violations } of told.failures) {
      failed.push(seed);
      process.stdout.write(
        `\nseed ${seed}: ${violations.join('\n  ')}\n  npm run simulate -- --seed ${seed} --shrink\n`,
      );
    }
    process.stderr.write(`\r${done} of ${seeds} seeds, ${failed.length} failed `);
  };
  const shares = Array.from({ length: WORKERS }, (_, index): Share => {
    return { from: from + index, seeds: Math.floor((seeds - index + WORKERS - 1) / WORKERS), step: WORKERS };
  });
  await Promise.all(
    shares.map(
      (share) =>
        new Promise<void>((resolve, reject) => {
          const worker = new Worker(new URL(import.meta.url), { workerData: share });
          worker.on('message', hear).on('error', reject);
          worker.on('exit', () => resolve());
        }),
    ),
  );
  process.stderr.write('\n');
  for (const [what, times] of counters.all()) process.stdout.write(`${String(times).padStart(10)} ${what}\n`);
  process.stdout.write(`${done} seeds, ${failed.length} failed; the worst staleness allowed: ${worst.toFixed(0)} ms\n`);
  process.exitCode = failed.length > 0 ? 1 : 0;
}

async function replay(seed: number, isShrunk: boolean): Promise<void> {
  const drawn = drawPlan(seed);
  const plan = isShrunk ? await shrink(drawn, { make: engine }) : drawn;
  const run = await simulate(plan, { make: engine, isTraced: true });
  process.stdout.write(`${account(plan, run)}\n`);
  process.exitCode = run.violations.length > 0 ? 1 : 0;
}

const OPTIONS = {
  seeds: { type: 'string', default: '1000' },
  from: { type: 'string', default: '1' },
  seed: { type: 'string' },
  shrink: { type: 'boolean', default: false },
} as const;

if (isMainThread) {
  const { values } = parseArgs({ options: OPTIONS });
  if (values.seed === undefined) await lead(Number(values.from), Number(values.seeds));
  else await replay(Number(values.seed), values.shrink);
} else {
  await work(workerData as Share, (told) => parentPort?.postMessage(told));
}
