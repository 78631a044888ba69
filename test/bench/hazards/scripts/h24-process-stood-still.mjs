import { HOUR } from '../options.mjs';
import { Row } from '../row.mjs';
import { pause } from '../time.mjs';

export const hazard = 'H24';
export const title = 'A process that stood still for 4 s does not begin again with an old value';
export const needs = ['messages'];

export async function show(stage) {
  const [a, still] = await Promise.all([stage.open(), stage.process()]);
  await stage.warm(a);
  const row = new Row();
  await still.getOrSet('key', row.value, HOUR);
  await stage.settle();
  row.change();
  const began = performance.now();
  const awake = still.do({ act: 'block, then getOrSet', key: 'key', loaded: row.value, options: HOUR, ms: 4_000 });
  await pause(300);
  await a.invalidate('key');
  if (performance.now() - began > 900) throw new Error('the invalidation came too late');
  return (await awake) === row.value
    ? undefined
    : 'its first answer is the old value, more than 3 s after the invalidation';
}
