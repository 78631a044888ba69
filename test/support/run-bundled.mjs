import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = new URL('../../', import.meta.url);

/** Runs a script that is written in TypeScript, whatever it imports. */
export async function runBundled(script) {
  const name = basename(script.pathname, '.ts');
  const outfile = new URL(`node_modules/.cache/bundled/${name}.mjs`, root);
  await build({
    entryPoints: [fileURLToPath(script)],
    outfile: fileURLToPath(outfile),
    tsconfig: fileURLToPath(new URL('tsconfig.json', root)),
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    sourcemap: 'inline',
  });
  await import(outfile);
}
