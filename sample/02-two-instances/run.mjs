// Two storefronts that share one PostgreSQL and one Redis, and what becomes of them when that Redis dies: after
// `npm run build && npx nest build storefront`, run `node sample/02-two-instances/run.mjs`.
import { fileURLToPath } from 'node:url';
import { runBundled } from '../../test/support/run-bundled.mjs';

process.chdir(fileURLToPath(new URL('../../', import.meta.url)));
await runBundled(new URL('src/two-instances.ts', import.meta.url));
