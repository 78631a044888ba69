import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { Campaign } from './campaign.js';
import { cluster } from './cluster.js';
import { watchLateness } from './lateness.js';
import { report, verdictOf } from './report.js';
import { sentinel } from './sentinel.js';
import { single } from './single.js';
import type { Topology } from './topology.js';

const TOPOLOGIES: Readonly<Record<string, (seats: number) => Promise<Topology>>> = { single, sentinel, cluster };

const OPTIONS = {
  seed: { type: 'string', default: '1' },
  minutes: { type: 'string', default: '5' },
  topology: { type: 'string', default: 'single' },
  processes: { type: 'string', default: '4' },
  report: { type: 'string' },
  faults: { type: 'string', default: '.' },
} as const;

const { values } = parseArgs({ options: OPTIONS });
const [seed, minutes, processes] = [values.seed, values.minutes, values.processes].map(Number) as [
  number,
  number,
  number,
];
const start = TOPOLOGIES[values.topology];
if (start === undefined || ![seed, minutes, processes].every(Number.isFinite)) {
  throw new Error(`takes numbers, and a topology of: ${Object.keys(TOPOLOGIES).join(', ')}`);
}
const again = `npm run chaos -- --seed ${seed} --minutes ${minutes} --topology ${values.topology} --processes ${processes}${values.faults === '.' ? '' : ` --faults '${values.faults}'`}`;
const say = (line: string): void => void process.stdout.write(`${line}\n`);

const topology = await start(processes);
try {
  say(again);
  const lateness = watchLateness();
  const account = await Campaign.run(topology, {
    seed,
    processes,
    length: minutes * 60_000,
    faults: new RegExp(values.faults),
    tell: say,
  });
  const text = report(account, {
    ...{ seed, processes, topology: values.topology },
    lateness: { 'the ways': await topology.lateness(), 'the campaign itself': lateness() },
  });
  say(`\n${text}`);
  if (values.report !== undefined) await writeFile(values.report, `${text}\nAgain: \`${again}\`\n`);
  process.exitCode = verdictOf(account).length > 0 ? 1 : 0;
} finally {
  await topology.stop();
}
