// npm run simulate -- --seeds 10000 --from 1     so many seeds, in two workers
// npm run simulate -- --seed 42 [--shrink]       the history of one, with what is not needed left out
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = new URL('../../', import.meta.url);
const outfile = new URL('node_modules/.cache/simulation/simulate.mjs', root);

await build({
  entryPoints: [fileURLToPath(new URL('simulate.ts', import.meta.url))],
  outfile: fileURLToPath(outfile),
  tsconfig: fileURLToPath(new URL('tsconfig.json', root)),
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  sourcemap: 'inline',
});
// As in production, where a process cannot afford to follow every load through all that it awaits.
process.env.NODE_ENV ??= 'production';
await import(outfile);
