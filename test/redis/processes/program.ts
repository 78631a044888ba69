import { createHash } from 'node:crypto';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const CACHE = join(HERE, '../../../node_modules/.cache/workers');

const made = new Map<string, string>();

/** The path of the worker's program, made of the sources as they are now: what was built before may be older than they. */
export function workerProgram(entry = join(HERE, 'worker.ts')): string {
  const path = made.get(entry) ?? make(entry);
  made.set(entry, path);
  return path;
}

function make(entry: string): string {
  const { outputFiles } = buildSync({
    entryPoints: [entry],
    bundle: true,
    write: false,
    // Of a test, modules may be there for nothing but what they do.
    ignoreAnnotations: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    keepNames: true,
  });
  const [{ contents } = { contents: new Uint8Array() }] = outputFiles;
  const path = join(CACHE, `${createHash('sha256').update(contents).digest('hex').slice(0, 24)}.cjs`);
  mkdirSync(CACHE, { recursive: true });
  // Under its name it is whole, whoever else makes it now.
  writeFileSync(`${path}.${process.pid}`, contents);
  renameSync(`${path}.${process.pid}`, path);
  return path;
}
