import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { progress } from './report.mjs';

const bench = fileURLToPath(new URL('.', import.meta.url));
const root = fileURLToPath(new URL('../../', import.meta.url));

/** Installs the contestants if they are not there, and builds the library if what is built is older than its source. */
export function prepare() {
  if (!existsSync(join(bench, 'node_modules'))) npm(bench, 'ci', '--no-audit', '--no-fund');
  prepareLibrary();
}

/** The latter alone. */
export function prepareLibrary() {
  if (builtAt() < newest(join(root, 'lib'))) npm(root, 'run', 'build');
}

function builtAt() {
  const entry = join(root, 'dist/esm/index.js');
  return existsSync(entry) ? statSync(entry).mtimeMs : 0;
}

function newest(folder) {
  const times = readdirSync(folder, { recursive: true }).map((path) => statSync(join(folder, path)).mtimeMs);
  return Math.max(...times);
}

function npm(folder, ...args) {
  progress(`npm ${args.join(' ')}\n`);
  // Its output goes where progress goes: stdout is for the table.
  execFileSync('npm', args, { cwd: folder, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' });
}
