import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const script = fileURLToPath(new URL('measure.mjs', import.meta.url));

/** Makes one measurement in a process of its own; rejects if it breaks. */
export async function runTrial(measurement) {
  const { stdout } = await run(process.execPath, ['--expose-gc', script, JSON.stringify(measurement)], {
    env: { ...process.env, NODE_ENV: 'production' },
  });
  return JSON.parse(stdout);
}
