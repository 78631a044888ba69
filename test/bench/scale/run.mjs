import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { writeFile } from 'node:fs/promises';
import { prepareLibrary } from '../prepare.mjs';
import { report, progress } from '../report.mjs';

// What is measured is built first.
prepareLibrary();
const { measureAll } = await import('./measure.mjs');
const { tablesOf } = await import('./tables.mjs');

const start = (file, options) =>
  fork(fileURLToPath(new URL(file, import.meta.url)), [JSON.stringify(options)], {
    env: { ...process.env, NODE_ENV: 'production' },
  });

const result = await measureAll(start, (what) => progress(`${what}\n`));
report(tablesOf(result));
const [, , flag, path] = process.argv;
if (flag === '--json') await writeFile(path, `${JSON.stringify(result, null, 2)}\n`);
