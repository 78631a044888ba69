// npm run simulate -- --seeds 10000 --from 1     so many seeds, in two workers
// npm run simulate -- --seed 42 [--shrink]       the history of one, with what is not needed left out
import { runBundled } from '../support/run-bundled.mjs';

// As in production, where a process cannot afford to follow every load through all that it awaits.
process.env.NODE_ENV ??= 'production';
await runBundled(new URL('simulate.ts', import.meta.url));
