import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = new URL('../../', import.meta.url);

/** Runs a script that is written in TypeScript, whatever it imports. */
export async function runBundled(script) {
  const entry = fileURLToPath(script);
  const outfile = new URL(`node_modules/.cache/bundled/${basename(entry, '.ts')}.mjs`, root);
  await build({
    entryPoints: [entry],
    outfile: fileURLToPath(outfile),
    tsconfig: fileURLToPath(new URL('tsconfig.json', root)),
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    sourcemap: 'inline',
    plugins: [placesBut(entry)],
  });
  await import(outfile);
}

/** In one file, each module still finds what lies beside it. The script itself finds the one file, to start it anew. */
function placesBut(entry) {
  return {
    name: 'places',
    setup: ({ onLoad }) => {
      onLoad({ filter: /\/(test|sample)\/.*\.ts$/ }, async ({ path }) => {
        if (path === entry) return undefined;
        const contents = await readFile(path, 'utf8');
        const place = JSON.stringify(pathToFileURL(path).href);
        return { contents: contents.replaceAll('import.meta.url', place), loader: 'ts' };
      });
    },
  };
}
