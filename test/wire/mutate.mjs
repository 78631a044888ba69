// npm run mutate -- --records 10000000 --seed 1     so many changed records through the reader
import { runBundled } from '../support/run-bundled.mjs';

await runBundled(new URL('mutate.ts', import.meta.url));
