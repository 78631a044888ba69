import { milliseconds, number, percent } from './format.mjs';

const SOURCES = { stale: 'stale, refreshed behind', absent: 'known to be absent' };

/** What is shown of a sample, line by line; tiers and the like only where one of the runs has them. */
export function rowsOf(runs) {
  return [
    { title: 'requests/s', of: (sample) => sample.requestsPerSecond, format: number, compared: true },
    { title: 'median latency', of: (sample) => sample.median, format: milliseconds, compared: true },
    { title: '99th percentile', of: (sample) => sample.p99, format: milliseconds, compared: true },
    { title: 'hit rate', of: (sample) => sample.hitRate, format: percent },
    ...sourcesOf(runs).map((source) => ({
      title: `  ${SOURCES[source] ?? source}`,
      of: (sample) => sample.sources[source],
      format: percent,
    })),
    { title: 'SQL queries/s', of: (sample) => sample.queriesPerSecond, format: number, compared: true },
    { title: '  per 1,000 requests', of: (sample) => sample.queriesPerThousand, format: number, compared: true },
    { title: 'load generator busy', of: (sample) => sample.generatorBusy, format: percent },
    { title: 'errors', of: (sample) => sample.errors, format: number },
  ];
}

/** Where the answers of the caches came from, the tiers first. */
export function sourcesOf(runs) {
  const totals = runs.flatMap(({ total }) => (total === undefined ? [] : [total]));
  const sources = new Set(totals.flatMap((total) => Object.keys(total.sources)));
  return [...sources].filter((source) => totals.some((total) => total.sources[source] > 0));
}
