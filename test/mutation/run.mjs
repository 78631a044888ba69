// npm run mutation                         changes the code of each floor in every way Stryker knows, and runs its tests
// npm run mutation -- core wire            of these floors only
// npm run mutation -- core --unnoticed     what its own tests did not notice the last time, now with those of all floors
// npm run mutation -- lib/core/entry.ts    of one file
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Stryker } from '@stryker-mutator/core';
import { unnoticed, withNoticed, writeSummary } from './summary.mjs';

/** Where the tests of a floor lie. The engine's are those of what the cache does. */
const FLOORS = {
  core: ['test/unit/core'],
  wire: ['test/unit/wire', 'test/wire'],
  policy: ['test/unit/policy'],
  coherence: ['test/unit/coherence'],
  engine: ['test/unit/engine', 'test/behaviour'],
};
const ALL = ['test/unit', 'test/behaviour', 'test/wire'];

process.chdir(fileURLToPath(new URL('../..', import.meta.url)));
mkdirSync('reports/mutation', { recursive: true });

const again = process.argv.includes('--unnoticed');
const asked = process.argv.slice(2).filter((word) => !word.startsWith('--'));
for (const target of asked.length === 0 ? Object.keys(FLOORS) : asked) await mutate(target);

async function mutate(target) {
  const report = `reports/mutation/${target.replaceAll('/', '-')}`;
  const isFile = target.endsWith('.ts');
  const floor = isFile ? target.split('/')[1] : target;
  const begin = performance.now();
  const results = await new Stryker({
    configFile: 'test/mutation/stryker.config.mjs',
    mutate: again ? unnoticedPlaces(`${report}.json`) : [isFile ? target : `lib/${target}/**/*.ts`],
    floor,
    ofFloor: FLOORS[floor],
    isThorough: again,
    specs: (again ? ALL : FLOORS[floor]).flatMap(specsIn),
    reporters: ['json', 'html', process.stdout.isTTY ? 'progress' : 'progress-append-only'],
    jsonReporter: { fileName: again ? `${report}-again.json` : `${report}.json` },
    htmlReporter: { fileName: again ? `${report}-again.html` : `${report}.html` },
  }).runMutationTest();
  const all = again ? withNoticed(`${report}.json`, results) : results;
  writeSummary({ target, results: all, seconds: (performance.now() - begin) / 1_000 }, `${report}.txt`);
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
