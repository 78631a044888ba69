// npm run chaos -- --seed 42 --minutes 5 [--topology single|sentinel|cluster] [--processes 4] [--report file.md]
import { runBundled } from '../support/run-bundled.mjs';

process.env.NODE_ENV ??= 'production';
await runBundled(new URL('chaos.ts', import.meta.url));
