import { performance } from 'node:perf_hooks';

/** Reads what the load and the storefront have counted so far. */
export class Meter {
  #client;
  #load;

  constructor(client, load) {
    this.#client = client;
    this.#load = load;
  }

  async read() {
    const { status, body } = await this.#client.json('/cache');
    if (status !== 200 || body?.caches === undefined) throw new Error(`GET /cache answered ${status}.`);
    return {
      at: performance.now(),
      loop: performance.eventLoopUtilization(),
      requests: this.#load.latencies.count,
      errors: this.#load.failures.count,
      queries: body.queries,
      ...answersOf(Object.values(body.caches)),
    };
  }

  /** What happened between two readings. */
  between(before, after) {
    const seconds = (after.at - before.at) / 1000;
    const answers = Object.entries(after.answers).map(([source, count]) => [source, count - before.answers[source]]);
    const misses = after.misses - before.misses;
    const reads = answers.reduce((sum, [, count]) => sum + count, misses);
    const requests = after.requests - before.requests;
    return {
      seconds,
      requests,
      requestsPerSecond: requests / seconds,
      ...this.#load.latencies.between(before.requests, after.requests),
      /** Shares of the reads of the cache; NaN if there was none. */
      hitRate: (reads - misses) / reads,
      sources: Object.fromEntries(answers.map(([source, count]) => [source, count / reads])),
      queriesPerSecond: (after.queries - before.queries) / seconds,
      queriesPerThousand: ((after.queries - before.queries) / requests) * 1000,
      errors: after.errors - before.errors,
      /** How busy we are ourselves: near 1, the storefront could do more than we ask of it. */
      generatorBusy: performance.eventLoopUtilization(after.loop, before.loop).utilization,
    };
  }
}

/** Reads that the caches answered, by where the answer came from, and those that they did not. */
function answersOf(caches) {
  const answers = {};
  let misses = 0;
  const count = (source, number) => (answers[source] = (answers[source] ?? 0) + number);
  for (const stats of caches) {
    for (const [tier, hits] of Object.entries(stats.hits)) count(tier, hits);
    count('stale', stats.staleHits);
    count('absent', stats.negativeHits);
    misses += stats.misses;
  }
  return { answers, misses };
}
