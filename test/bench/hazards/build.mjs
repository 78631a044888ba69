import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const folder = join(root, 'node_modules/.cache/hazards');

/** Makes our cache and the tests' own servers, of the sources as they are now, into what `built.mjs` imports. */
export async function makeBuilt() {
  await mkdir(folder, { recursive: true });
  await Promise.all([
    make('lib/engine/create-layer-cache.ts', 'layercache.mjs'),
    make('test/support/redis/server.ts', 'redis-server.mjs'),
    make('test/support/redis/redis-cluster.ts', 'redis-cluster.mjs'),
  ]);
}

async function make(source, name) {
  const { outputFiles } = await build({
    entryPoints: [join(root, source)],
    tsconfig: join(root, 'tsconfig.json'),
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    packages: 'external',
  });
  const path = join(folder, name);
  // Under its name it is whole, whoever else makes it now.
  await writeFile(`${path}.${process.pid}`, outputFiles[0].contents);
  await rename(`${path}.${process.pid}`, path);
}
