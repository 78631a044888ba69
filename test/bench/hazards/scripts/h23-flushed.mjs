import { HOUR } from '../options.mjs';
import { Row } from '../row.mjs';
import { within } from '../time.mjs';

export const hazard = 'H23';
export const title = 'After FLUSHALL, invalidations still reach the memory of other processes';
export const needs = ['messages'];

export async function show(stage) {
  const server = await stage.server();
  const [a, b] = await stage.openTwo([server, server]);
  const row = new Row();
  await stage.keep(b, row, HOUR, server);
  await server.command('FLUSHALL');
  row.change();
  await a.invalidate('key');
  const seen = await within(5_000, async () => (await b.getOrSet('key', row.load, HOUR)) === row.value);
  return seen ? undefined : 'memory serves the old value 5 s later, until the end of its ttl';
}
