import { PRODUCT, type Stage } from './act.js';
import { inMs } from './figures.js';
import type { Instance, Sources } from './instance.js';
import { timed } from './time.js';

export type Source = 'the database' | 'Redis' | 'memory';

/** Returns where the answers came from: A's, B's, A's, B's. */
export async function bothRemember({ a, b, say }: Stage): Promise<Source[]> {
  say(`\n1. Both are asked for product ${PRODUCT}, twice.`);
  const sources: Source[] = [];
  for (const instance of [a, b, a, b]) {
    const { ms, source } = await readOf(instance);
    say(`   ${instance.name} answers in ${inMs(ms)}, from ${source}.`);
    sources.push(source);
  }
  return sources;
}

async function readOf(instance: Instance): Promise<{ ms: number; source: Source }> {
  const before = await instance.sources();
  const { ms } = await timed(() => instance.product(PRODUCT));
  const after = await instance.sources();
  const used = (source: keyof Sources): boolean => after[source] > before[source];
  return { ms, source: used('database') ? 'the database' : used('redis') ? 'Redis' : 'memory' };
}
