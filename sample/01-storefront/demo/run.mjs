import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { readCatalogue } from './catalogue.mjs';
import { Client } from './client.mjs';
import { Load } from './load.mjs';
import { Meter } from './meter.mjs';

const WARMUP_MS = 1_000;

/** One stretch of load on one storefront: a sample of every second, and the whole of it. */
export class Run {
  label;
  samples = [];
  total;
  failures;
  prices;

  constructor(label) {
    this.label = label;
  }

  /** `onSample` is called after every second. */
  async drive(url, { seconds, connections, seed, signal }, onSample) {
    const client = new Client(url);
    const load = new Load(client, await readCatalogue(client), { connections, seed });
    const meter = new Meter(client, load);
    this.failures = load.failures;
    this.prices = load.prices;
    load.start();
    try {
      await wait(WARMUP_MS, undefined, { signal });
      const first = await meter.read();
      let last = first;
      for (let second = 1; second <= seconds; second++) {
        await wait(Math.max(0, first.at + second * 1000 - performance.now()), undefined, { signal });
        const reading = await meter.read();
        this.samples.push(meter.between(last, reading));
        this.total = meter.between(first, reading);
        last = reading;
        onSample();
      }
    } finally {
      await load.stop();
      client.close();
    }
  }
}
