import { writeFile } from 'node:fs/promises';
import { readOptions } from './options.mjs';
import { prepare } from './prepare.mjs';
import { report } from './report.mjs';
import { runRounds } from './rounds.mjs';
import { breakdownTable, rowsTable, wireTable } from './tables.mjs';

const options = readOptions(process.argv.slice(2));
prepare();

const { summary, rounds } = options.wire ? await onTheWire() : await inRounds();

if (options.json !== undefined) {
  const { version, platform, arch } = process;
  await writeFile(
    options.json,
    `${JSON.stringify({ node: version, platform, arch, options, summary, rounds }, null, 2)}\n`,
  );
}

async function inRounds() {
  const { measurementsOf, summarize, tableOf } = options.breakdown
    ? { ...(await import('./breakdown.mjs')), tableOf: breakdownTable }
    : { ...(await import('./rows.mjs')), tableOf: rowsTable };
  const rounds = await runRounds(measurementsOf(options.rows), options);
  const summary = summarize(rounds, options.rows);
  report(tableOf(summary));
  return { summary, rounds };
}

/** Counted, not timed: once is enough. */
async function onTheWire() {
  const { measureWire } = await import('./redis/wire.mjs');
  const summary = await measureWire();
  report(wireTable(summary));
  return { summary, rounds: [] };
}
