import { HOUR } from '../options.mjs';
import { Row } from '../row.mjs';
import { pause, within } from '../time.mjs';

export const hazard = 'H2';
export const title = 'A reply of Redis that a message overtook does not enter memory';
export const needs = ['messages'];

export async function show(stage) {
  const wire = await stage.wire();
  const [a, b] = await stage.openTwo([stage.redis, wire]);
  const row = new Row();
  await stage.keep(a, row, HOUR);
  // Replies wait on the way, messages do not.
  wire.rule = (link, chunk, way) => (way === 'reply' && !link.hears && chunk.includes(row.value) ? 'hold' : 'pass');
  const replied = wire.seen(row.value, 'reply');
  const first = b.getOrSet('key', row.load, HOUR);
  await replied;
  row.change();
  await a.invalidate('key');
  await pause(50);
  wire.release();
  await first;
  const seen = await within(5_000, async () => (await b.getOrSet('key', row.load, HOUR)) === row.value);
  return seen ? undefined : 'memory serves the old value 5 s later, until the end of its ttl';
}
