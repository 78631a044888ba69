import { writeFile } from 'node:fs/promises';
import { readOptions } from './options.mjs';
import { prepare } from './prepare.mjs';
import { report } from './report.mjs';
import { runRounds } from './rounds.mjs';
import { breakdownTable, rowsTable } from './tables.mjs';

const options = readOptions(process.argv.slice(2));
prepare();

const { measurementsOf, summarize, tableOf } = options.breakdown
  ? { ...(await import('./breakdown.mjs')), tableOf: breakdownTable }
  : { ...(await import('./rows.mjs')), tableOf: rowsTable };

const rounds = await runRounds(measurementsOf(options.rows), options);
const summary = summarize(rounds, options.rows);
report(tableOf(summary));

if (options.json !== undefined) {
  const { version, platform, arch } = process;
  await writeFile(
    options.json,
    `${JSON.stringify({ node: version, platform, arch, options, summary, rounds }, null, 2)}\n`,
  );
}
