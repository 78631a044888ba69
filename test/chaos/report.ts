import { loadavg } from 'node:os';
import type { Account } from './account.js';
import { type Growth, growthOf, type Sight } from './growth.js';
import type { Histogram } from './staleness.js';
import type { Lateness } from './way-messages.js';

export interface Title {
  readonly seed: number;
  readonly topology: string;
  readonly processes: number;
  /** How late the processes were, by what they do. */
  readonly lateness: Readonly<Record<string, Lateness>>;
}

/** What was found wrong, in few words; nothing, if all is well. */
export function verdictOf(account: Account): readonly string[] {
  const growing = growthOf(account.sights).filter(({ isGrowing }) => isGrowing);
  return [
    ...(account.violationCount === 0 ? [] : [`${account.violationCount} violations`]),
    ...growing.map(({ by, what, trend }) => `${what} of ${by} grew by ${trend.rise.toFixed(0)}`),
  ];
}

/** The report of a campaign, as Markdown. */
export function report(account: Account, { seed, topology, processes, lateness }: Title): string {
  const wrong = verdictOf(account);
  return [
    `# Campaign of faults: ${topology}, ${processes} processes, seed ${seed}`,
    '',
    wrong.length === 0 ? 'Nothing was found wrong.' : `**Wrong: ${wrong.join('; ')}.**`,
    '',
    ...figures(account),
    '',
    '## Faults',
    '',
    ...faults(account),
    '',
    '## Staleness',
    '',
    'How long after an invalidation was acknowledged a value from before it was still answered, by another process.',
    '',
    ...staleness(account),
    '',
    ...machine(lateness),
    '',
    '## What processes hold',
    '',
    ...held(account.sights),
    '',
    ...growth(growthOf(account.sights)),
    ...violations(account),
    '',
  ].join('\n');
}

function figures(account: Account): readonly string[] {
  const perSecond = account.reads / Math.max(1, account.minutes * 60);
  return [
    `- ${account.minutes.toFixed(1)} minutes, ${account.faults} faults (${account.vain} of them went wrong), ${account.rests} rests (the slowest recovery took ${account.worstRecovery.toFixed(0)} ms)`,
    `- ${account.reads} reads checked (${perSecond.toFixed(0)} a second), ${account.byMemory} of them by memory`,
    `- ${account.invalidations} invalidations, ${account.rejected} of them rejected; ${account.loads} loads, ${account.excused} pairs at once for which there was a reason`,
    `- ${account.violationCount} violations`,
  ];
}

function faults({ outcomes }: Account): readonly string[] {
  const rows = [...outcomes]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([name, one]) =>
      row(
        name,
        one.times,
        (one.ms / 1_000).toFixed(1),
        one.reads,
        one.slowest.toFixed(0),
        one.rejected,
        one.violations,
      ),
    );
  return [
    row('fault', 'times', 'seconds', 'reads meanwhile', 'slowest, ms', 'invalidations rejected', 'violations'),
    row('---', '--:', '--:', '--:', '--:', '--:', '--:'),
    ...rows,
  ];
}

function staleness({ staleness: { calm, onTime, fault, cut }, worstLag }: Account): readonly string[] {
  const named: readonly (readonly [string, Histogram])[] = [
    ['connected, nothing going on', calm],
    ['the same, without what the reader itself came late', onTime],
    ['connected, while messages or data were lost', fault],
    ['cut off, or standing still', cut],
  ];
  const ends = calm.buckets.map(({ upTo }) => upTo);
  return [
    row('process', 'stale reads', 'p50', 'p99', 'p99.9', 'max, ms'),
    row('---', '--:', '--:', '--:', '--:', '--:'),
    ...named.map(([name, all]) => {
      const shown = [all.quantile(0.5), all.quantile(0.99), all.quantile(0.999), all.max].map((ms) => ms.toFixed(2));
      return row(name, all.count, ...shown);
    }),
    '',
    row('up to ms', ...ends.map((end) => (Number.isFinite(end) ? end : 'more'))),
    row('---', ...ends.map(() => '--:')),
    ...named.map(([name, all]) => row(name, ...all.buckets.map(({ count }) => count))),
    '',
    `The worst of all: ${worstLag.toFixed(1)} ms.`,
  ];
}

/** Every message passes through the ways, and is looked at when the process that it is for comes to it. */
function machine(lateness: Title['lateness']): readonly string[] {
  const load = loadavg().map((one) => one.toFixed(1));
  return [
    `How late the machine let processes do what was due; its load was ${load.join(', ')} at the end.`,
    '',
    row('process', 'p50', 'p99', 'p99.9', 'max, ms'),
    row('---', '--:', '--:', '--:', '--:'),
    ...Object.entries(lateness).map(([name, { half, most, nearlyAll, max }]) =>
      row(name, ...[half, most, nearlyAll, max].map((ms) => ms.toFixed(2))),
    ),
  ];
}

function held(sights: readonly Sight[]): readonly string[] {
  const kinds = (resources: Sight['resources']): string =>
    Object.entries(resources)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ');
  return [
    row('minute', 'process', 'heap, MB', 'rss, MB', 'handles', 'timers', 'listeners', 'resources'),
    row('--:', '---', '--:', '--:', '--:', '--:', '--:', '---'),
    ...sights.map((one) =>
      row(
        one.at.toFixed(1),
        one.by,
        megabytes(one.heap),
        megabytes(one.rss),
        one.handles,
        one.timers,
        one.listeners,
        kinds(one.resources),
      ),
    ),
  ];
}

function growth(found: readonly Growth[]): readonly string[] {
  if (found.length === 0) return ['No process was seen often enough to tell whether it grows.'];
  return found.map(({ by, what, trend: { rise, error }, isGrowing }) => {
    const [shown, doubt] = what === 'heap' ? [rise / 1_024, error / 1_024] : [rise, error];
    const unit = what === 'heap' ? ' kB' : '';
    return `- ${what} of ${by}: ${shown.toFixed(1)}${unit} (± ${doubt.toFixed(1)}) over the time after the warm-up${isGrowing ? ': **it grows**' : ', flat'}`;
  });
}

function violations(account: Account): readonly string[] {
  return account.violations.flatMap(({ text, around }, index) => [
    ...(index === 0 ? ['', '## Violations'] : []),
    '',
    `### ${text}`,
    '',
    '```',
    ...around,
    '```',
  ]);
}

function row(...cells: readonly (string | number)[]): string {
  return `| ${cells.join(' | ')} |`;
}

function megabytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(2);
}
