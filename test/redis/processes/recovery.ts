import { now } from './records.js';
import type { WorkerProcess } from './worker-process.js';

const PROBE_EVERY = 20;
const LIMIT = 10_000;

export interface Recovered {
  /** How long it took, in milliseconds. */
  readonly after: number;
  /** Who never saw what. */
  readonly complaints: readonly { readonly by: string; readonly text: string }[];
}

/** How long it takes until what each process sets is found in the memory of every other. */
export async function recovery(workers: readonly WorkerProcess[]): Promise<Recovered> {
  const since = now();
  const complaints: { by: string; text: string }[] = [];
  for (const worker of workers) {
    const key = `probe-${worker.name}`;
    let unseen = workers;
    // Somebody may clear everything meanwhile: it is set again and again.
    for (let value = 1; unseen.length > 0 && now() - since < LIMIT; value++) {
      await worker.do({ act: 'set', key, value }).catch(() => undefined);
      const seen = await Promise.all(unseen.map((other) => sees(other, key)));
      unseen = unseen.filter((_, index) => seen[index] !== true);
    }
    for (const { name } of unseen) {
      complaints.push({ by: name, text: `never saw in its memory what ${worker.name} had set` });
    }
  }
  return { after: now() - since, complaints };
}

async function sees(other: WorkerProcess, key: string): Promise<boolean> {
  for (let looks = 0; looks < 3; looks++) {
    const { tier } = await other.do<{ tier?: string }>({ act: 'get', key });
    if (tier === 'memory') return true;
  }
  await other.do({ act: 'pass', ms: PROBE_EVERY });
  return false;
}
