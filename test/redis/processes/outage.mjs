// What an outage of Redis means for the source, as a table and as pictures:
// `node test/redis/processes/outage.mjs [folder] [seconds…]`, by default `docs 3 60`, which takes some five minutes.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const here = fileURLToPath(new URL('.', import.meta.url));
const outfile = join(here, '../../../node_modules/.cache/workers/outage.mjs');

/** In one file, each module still finds what lies beside it. */
const places = {
  name: 'places',
  setup: ({ onLoad }) => {
    onLoad({ filter: /test\/.*\.ts$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)),
      loader: 'ts',
    }));
  },
};

await build({
  entryPoints: [join(here, 'outage-report.ts')],
  bundle: true,
  outfile,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  packages: 'external',
  plugins: [places],
});
await import(pathToFileURL(outfile).href);
