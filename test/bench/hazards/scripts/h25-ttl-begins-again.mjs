import { Row } from '../row.mjs';
import { pause } from '../time.mjs';

export const hazard = 'H25';
export const title = 'A value that memory takes from Redis keeps its end of life';

export async function show(stage) {
  const [a, b] = await stage.openTwo();
  const row = new Row();
  await a.getOrSet('key', row.load, { ttl: 1_500 });
  const stored = performance.now();
  await pause(900);
  await b.getOrSet('key', row.load, { ttl: 1_500 });
  if (row.loads > 1) throw new Error('it did not come from Redis: it was over, or Redis did not answer in time');
  row.change();
  await pause(stored + 1_600 - performance.now());
  const read = await b.getOrSet('key', row.load, { ttl: 1_500 });
  return read === row.value ? undefined : 'its ttl began anew in the memory of another process';
}
