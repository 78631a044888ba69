// npm run mutation                         changes the code of each floor in every way Stryker knows, and runs the tests
// npm run mutation -- core wire            of these floors only
// npm run mutation -- core --unnoticed     only the changes that no test noticed the last time
// npm run mutation -- lib/core/entry.ts    of one file
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Stryker } from '@stryker-mutator/core';
import { unnoticed, writeSummary } from './summary.mjs';

const FLOORS = ['core', 'wire', 'policy', 'coherence', 'engine'];
const SPECS = ['test/unit', 'test/behaviour', 'test/wire'];

process.chdir(fileURLToPath(new URL('../..', import.meta.url)));
mkdirSync('reports/mutation', { recursive: true });

const again = process.argv.includes('--unnoticed');
const asked = process.argv.slice(2).filter((word) => !word.startsWith('--'));
for (const target of asked.length === 0 ? FLOORS : asked) await mutate(target);

async function mutate(target) {
  const report = `reports/mutation/${target.replaceAll('/', '-')}`;
  const begin = performance.now();
  const results = await new Stryker({
    configFile: 'test/mutation/stryker.config.mjs',
    mutate: again ? unnoticedPlaces(`${report}.json`) : [target.endsWith('.ts') ? target : `lib/${target}/**/*.ts`],
    floor: target.endsWith('.ts') ? target.split('/')[1] : target,
    specs: SPECS.flatMap(specsIn),
    reporters: ['json', 'html', process.stdout.isTTY ? 'progress' : 'progress-append-only'],
    jsonReporter: { fileName: `${report}${again ? '-again' : ''}.json` },
    htmlReporter: { fileName: `${report}${again ? '-again' : ''}.html` },
  }).runMutationTest();
  const seconds = (performance.now() - begin) / 1_000;
  writeSummary({ target, results, seconds }, `${report}${again ? '-again' : ''}.txt`);
}

/** As Stryker takes them: lines counted from one, columns from nought. */
function unnoticedPlaces(report) {
  const { files } = JSON.parse(readFileSync(report, 'utf8'));
  return Object.entries(files).flatMap(([file, { mutants }]) =>
    unnoticed(mutants).map(
      ({ location: { start, end } }) => `${file}:${start.line}:${start.column - 1}-${end.line}:${end.column - 1}`,
    ),
  );
}

function specsIn(folder) {
  return readdirSync(folder, { recursive: true })
    .filter((path) => path.endsWith('.spec.ts'))
    .map((path) => join(folder, path))
    .sort();
}
