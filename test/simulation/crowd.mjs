// node test/simulation/crowd.mjs [--processes 50] [--seed 1]     many processes, many invalidations: what becomes of the hits
import { runBundled } from '../support/run-bundled.mjs';

process.env.NODE_ENV ??= 'production';
await runBundled(new URL('crowd.ts', import.meta.url));
