// `npm run hazards`: shows every hazard on every cache and prints who passes. See README.md.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { progress, report } from '../report.mjs';
import { makeBuilt } from './build.mjs';
import { playOn } from './company.mjs';
import { installOthers } from './prepare.mjs';
import { Results } from './results.mjs';

const OURS = 'layercache';
const OTHERS = ['bentocache', 'cache-manager'];
const [BEGIN, END] = ['<!-- table -->', '<!-- end of table -->'];
const README = new URL('README.md', import.meta.url);

const { values: options } = parseArgs({
  options: {
    ours: { type: 'boolean', default: false },
    times: { type: 'string', default: '5' },
    only: { type: 'string', default: '' },
    side: { type: 'string', default: '8' },
    update: { type: 'boolean', default: false },
  },
});

await makeBuilt();
if (!options.ours) installOthers();

const files = readdirSync(new URL('scripts/', import.meta.url)).toSorted();
const hazards = await Promise.all(
  files.map(async (file) => ({ file, ...(await import(new URL(`scripts/${file}`, import.meta.url).href)) })),
);
const asked = options.only === '' ? undefined : options.only.split(',');
const shown = hazards.filter(({ hazard }) => asked === undefined || asked.includes(hazard));

const results = new Results(shown);
for (const name of options.ours ? [OURS] : [OURS, ...OTHERS]) {
  const { times, side } = options;
  // The last of them take longest.
  const order = shown.map(({ file }) => file).toReversed();
  await playOn({ name, times, side, files: order }, (verdict) => {
    results.take(name, verdict);
    progress(`${name} ${verdict.file} ${verdict.verdict} ${verdict.text}\n`);
  });
}

const table = results.table();
report(table);
if (options.update) update(table);
const wrong = results.wrong(OURS);
if (wrong.length > 0) progress(`\n${wrong.join('\n')}\n`);
process.exitCode = wrong.length > 0 ? 1 : 0;

/** Puts the table where the last one is. */
function update(made) {
  const text = readFileSync(README, 'utf8');
  const [before, after] = [text.indexOf(BEGIN) + BEGIN.length, text.indexOf(END)];
  writeFileSync(README, `${text.slice(0, before)}\n\n${made}\n${text.slice(after)}`);
}
