import { HOUR } from '../options.mjs';
import { Row } from '../row.mjs';
import { within } from '../time.mjs';

export const hazard = 'H3';
export const title = 'A message lost while its connection was made anew is noticed';
export const needs = ['messages'];

export async function show(stage) {
  const wire = await stage.wire();
  const [a, b] = await stage.openTwo([stage.redis, wire]);
  const row = new Row();
  await stage.keep(b, row, HOUR);
  wire.closed = true;
  wire.cut((link) => link.hears);
  row.change();
  await a.invalidate('key');
  wire.closed = false;
  if (!(await within(10_000, () => wire.hears))) throw new Error('it does not subscribe again');
  const seen = await within(5_000, async () => (await b.getOrSet('key', row.load, HOUR)) === row.value);
  return seen ? undefined : 'memory serves the old value 5 s later, until the end of its ttl';
}
