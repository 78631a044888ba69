// npm run demo [-- --help]     what the cache of the storefront is worth, live in the terminal and as a picture
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LiveView } from './live-view.mjs';
import { readOptions, USAGE } from './options.mjs';
import { pictureOf } from './picture.mjs';
import { PlainView } from './plain-view.mjs';
import { Run } from './run.mjs';
import { Storefront } from './storefront.mjs';
import { summaryOf } from './summary.mjs';

const interruption = new AbortController();
for (const name of ['SIGINT', 'SIGTERM']) process.on(name, () => interruption.abort());

try {
  const options = readOptions(process.argv.slice(2));
  if (options.help) process.stdout.write(USAGE);
  else await demonstrate({ ...options, signal: interruption.signal });
} catch (error) {
  process.exitCode = interruption.signal.aborted ? 130 : 1;
  process.stderr.write(interruption.signal.aborted ? '\nInterrupted.\n' : `${error.message}\n`);
}

async function demonstrate(options) {
  const labels = options.url === undefined ? ['without cache', 'with the cache'] : [options.url];
  const runs = labels.map((label) => new Run(label));
  const view = viewOf(process.stdout, { ...options, runs: runs.length });
  const stage = { ...options, view, runs };
  try {
    if (options.url === undefined) await driveBoth(runs, stage);
    else await drive(runs[0], stage);
  } finally {
    view.end();
  }
  process.stdout.write(`\n${summaryOf(runs)}\n`);
  if (options.picture !== undefined) {
    await writeFile(options.picture, pictureOf(runs, circumstances(options)));
    process.stdout.write(`\n  The curves: ${options.picture}\n`);
  }
  if (runs.some(({ failures }) => failures.count > 0)) process.exitCode = 1;
}

function viewOf(output, options) {
  return output.isTTY ? new LiveView(output, options) : new PlainView(output);
}

/** One storefront after the other, on the same data. */
async function driveBoth([without, withIt], stage) {
  const data = process.env.DATA_DIR ?? (await mkdtemp(join(tmpdir(), 'storefront-demo-')));
  try {
    await driveOwn(without, { ...stage, environment: { CACHE: 'off', DATA_DIR: data } });
    await driveOwn(withIt, { ...stage, environment: { CACHE: 'on', DATA_DIR: data } });
  } finally {
    if (process.env.DATA_DIR === undefined) await rm(data, { recursive: true, force: true });
  }
}

async function driveOwn(run, stage) {
  stage.view.show(stage.runs, `${run.label}: the storefront starts, and fills its database if it is new …`);
  const storefront = await Storefront.start(stage.server, stage.environment, stage.signal);
  const over = new AbortController();
  const signal = AbortSignal.any([stage.signal, over.signal]);
  const driving = drive(run, { ...stage, url: storefront.url, signal });
  try {
    await Promise.race([driving, storefront.ended]);
  } finally {
    over.abort();
    await Promise.allSettled([driving]);
    await storefront.stop();
  }
}

async function drive(run, { view, runs, ...options }) {
  const doing = `${run.label}: ${options.url} …`;
  view.show(runs, doing);
  await run.drive(options.url, options, () => view.show(runs, doing));
}

function circumstances({ connections }) {
  return `${connections} customers at a time, a price change every second, an order every two; a first second to warm up is left out`;
}
