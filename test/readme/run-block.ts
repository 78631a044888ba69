import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import type { Block } from './markdown.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Against hanging, and no measure of speed. */
const LONGEST_MS = 30_000;

/** What became of a program; its status is null if it did not end in time. */
export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a block as a process of its own, on the sources as they are now. */
export function run({ text }: Block): Ended {
  const { outputFiles } = buildSync({
    stdin: { contents: text, resolveDir: ROOT, loader: 'ts' },
    write: false,
    tsconfig: join(ROOT, 'tsconfig.json'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    keepNames: true,
  });
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module'], {
    cwd: ROOT,
    input: outputFiles[0]?.text,
    timeout: LONGEST_MS,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}
