// What an outage of Redis means for the source, as a table and as pictures:
// `node test/redis/processes/outage.mjs [folder] [seconds…]`, by default `docs 3 60`, which takes some five minutes.
import { runBundled } from '../../support/run-bundled.mjs';

await runBundled(new URL('outage-report.ts', import.meta.url));
