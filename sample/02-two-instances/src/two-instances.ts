import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { play } from './play.js';
import { World } from './world.js';

const STOREFRONT = resolve('dist-sample/01-storefront/main.js');
const PROCESSES = pathToFileURL('sample/02-two-instances/processes/');
const PRODUCTS = 2_000;
const LENGTH = { changes: 50, changesAfterwards: 10, seconds: 8, patienceMs: 65_000 };

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const world = new World({ storefront: STOREFRONT, processes: PROCESSES, products: PRODUCTS });
let interrupted = false;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    interrupted = true;
    say('\nStopping everything …');
    void world.stop().finally(() => process.exit(1));
  });
}

try {
  if (!existsSync(STOREFRONT)) throw new Error('The storefront is not built; `npm run two-instances` builds it first.');
  await play(world, LENGTH, say);
} catch (error) {
  process.exitCode = 1;
  if (!interrupted) process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
} finally {
  await world.stop();
}
