import { parseArgs } from 'node:util';
import { type Key, KEYS, type KeyPolicy } from './catalogue.js';
import { Draws } from './draws.js';
import { engine } from './engine-under-test.js';
import type { Fault } from './fault-kinds.js';
import { drawPlan, END, type Operation, type Plan, type Settings } from './plan.js';
import { type Run, simulate } from './simulation.js';

/** What is read, by everybody; all that is invalidated is another key, which nobody reads. */
const READ = KEYS.filter((key) => key !== 'e');
const READ_EVERY = 40;
/** Whoever begins has nothing in memory yet. */
const BEGIN = 500;
const POLICY: KeyPolicy = {
  ttl: 60_000,
  staleWhileRevalidate: 0,
  staleIfError: 0,
  softTimeout: undefined,
  negativeTtl: 5_000,
  memoryTtl: undefined,
  refreshAhead: undefined,
  singleFlight: 'cluster',
};

interface Crowd {
  readonly processes: number;
  /** Invalidations a second, by any of them. */
  readonly rate: number;
  /** The share of packets that take up to half a second. */
  readonly tail: number;
  /** What a process is told comes so late, every second or so. */
  readonly lateMs: number;
  /** The share of messages that nobody hears. */
  readonly loss: number;
}

const CALM = { tail: 0, lateMs: 0, loss: 0 };

function planOf(seed: number, crowd: Crowd): Plan {
  const settings: Settings = {
    ...drawPlan(seed).settings,
    ...{ processes: crowd.processes, staleBound: 2_000, detachedTtl: 3_000, buckets: 1, primaries: 1, memory: 100 },
    ...{ patience: 2_500, timeout: 3_000, retryAfter: 400, loads: 64, oddLoads: 0, slowLoads: 0, hasMissing: false },
    ...{ isCalm: false, forgetful: undefined, tail: crowd.tail, doubled: 0, drift: 0.001 },
    policies: Object.fromEntries(KEYS.map((key) => [key, POLICY])) as Record<Key, KeyPolicy>,
  };
  const operations = [...readsOf(Draws.of(seed, 'reads'), crowd), ...writesOf(Draws.of(seed, 'writes'), crowd)];
  const faults = faultsOf(Draws.of(seed, 'faults'), crowd);
  return { seed, settings, operations: operations.sort((one, other) => one.at - other.at), faults };
}

function readsOf(draws: Draws, { processes }: Crowd): readonly Operation[] {
  const operations: Operation[] = [];
  for (let slot = 0; slot < processes; slot++) {
    for (let at = BEGIN; at < END; at += draws.between(0, 2 * READ_EVERY)) {
      operations.push({ at, slot, kind: 'read', key: draws.one(READ) });
    }
  }
  return operations;
}

function writesOf(draws: Draws, { processes, rate }: Crowd): readonly Operation[] {
  const operations: Operation[] = [];
  for (let at = BEGIN; at < END && rate > 0; at += draws.between(0, 2_000 / rate)) {
    operations.push({ at, slot: draws.below(processes), kind: 'delete', key: 'e' });
  }
  return operations;
}

function faultsOf(draws: Draws, { processes, lateMs, loss }: Crowd): readonly Fault[] {
  const faults: Fault[] = [];
  const of = { isSilent: false, slot: 0 };
  if (loss > 0) faults.push({ ...of, at: BEGIN, kind: 'lose messages', ms: END - BEGIN, draw: loss });
  for (let slot = 0; slot < processes && lateMs > 0; slot++) {
    for (let at = BEGIN + draws.between(0, 1_000); at < END - lateMs; at += lateMs + draws.between(0, 2_000)) {
      faults.push({ ...of, slot, at, kind: 'stall', ms: lateMs, draw: 0.9 });
    }
  }
  return faults;
}

interface Answers {
  readonly all: number;
  /** Not from memory: asked of Redis, or loaded. */
  readonly elsewhere: number;
}

function answersOf({ counters }: Run): Answers {
  const [memory = 0, ...others] = ['memory', 'own', 'joined'].map((by) => counters.of(`answered by ${by}`));
  const elsewhere = others.reduce((sum, count) => sum + count, 0);
  return { all: memory + elsewhere, elsewhere };
}

/** Against a run in which nothing was invalidated: there every process, too, asks once for what it reads first. */
function line(name: string, run: Run, quiet: Run): string {
  const { counters, violations, events } = run;
  const { all, elsewhere } = answersOf(run);
  const more = elsewhere - answersOf(quiet).elsewhere;
  const cells = [
    name,
    counters.of('link hears k'),
    `${(100 * (1 - more / all)).toFixed(1)} %`,
    more,
    counters.of('cache load stored') - quiet.counters.of('cache load stored'),
    counters.of('link resubscribe'),
    violations.length,
    events,
  ];
  return row(cells.map(String));
}

function row(cells: readonly string[]): string {
  return `${cells.map((cell, column) => (column === 0 ? cell.padEnd(44) : cell.padStart(11))).join('')}\n`;
}

const { values } = parseArgs({
  options: { processes: { type: 'string', default: '50' }, seed: { type: 'string', default: '1' } },
});
const processes = Number(values.processes);
const ways: readonly (readonly [string, Omit<Crowd, 'processes'>])[] = [
  ...[0, 20, 200, 1_500].map((rate) => [`${rate} a second`, { ...CALM, rate }] as const),
  ...[0.01, 0.05].map(
    (tail) => [`200 a second, ${tail * 100} % of packets late`, { ...CALM, rate: 200, tail }] as const,
  ),
  ...[300, 1_000, 1_600, 2_500].map(
    (lateMs) => [`200 a second, messages ${lateMs} ms late at times`, { ...CALM, rate: 200, lateMs }] as const,
  ),
  ...[0.001, 0.01, 0.1].map(
    (loss) => [`200 a second, ${loss * 100} % of messages lost`, { ...CALM, rate: 200, loss }] as const,
  ),
];
process.stdout.write(row(['', 'messages', 'memory', 'asked anew', 'loads', 'resubscribed', 'violations', 'events']));
let quiet: Run | undefined;
for (const [name, way] of ways) {
  const run = await simulate(planOf(Number(values.seed), { ...way, processes }), { make: engine });
  quiet ??= run;
  process.stdout.write(line(name, run, quiet));
  for (const violation of run.violations) process.stdout.write(`  ${violation}\n`);
}
