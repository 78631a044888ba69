import { expect } from '@jest/globals';
import { tell } from './account.js';
import type { Verdict } from './verdict.js';
import type { Cluster } from './cluster.js';

/** Expects that what is promised was kept, by processes that did something meanwhile and serve again, each of them. */
export async function expectKept(cluster: Cluster): Promise<Verdict> {
  const verdict = await cluster.verdict();
  tell(verdict.account, eventsOf(cluster));
  expect(verdict.violations).toEqual([]);
  expect(verdict.account.byMemory).toBeGreaterThan(0);
  return verdict;
}

function eventsOf({ history }: Cluster): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind, text } of history.events) {
    const what = `${kind}: ${text.slice(0, 80)}`;
    counts[what] = (counts[what] ?? 0) + 1;
  }
  return counts;
}
