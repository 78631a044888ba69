import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { progress } from '../report.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));

/** Installs the other caches, if they are not there. */
export function installOthers() {
  if (existsSync(join(here, 'node_modules'))) return;
  progress('npm ci\n');
  // Its output goes where progress goes: stdout is for the table.
  execFileSync('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: here,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
}
