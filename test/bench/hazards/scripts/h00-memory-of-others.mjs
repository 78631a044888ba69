import { HOUR } from '../options.mjs';
import { Row } from '../row.mjs';
import { within } from '../time.mjs';

export const hazard = 'H0';
export const title = 'An invalidation reaches the memory of other processes at all';

export async function show(stage) {
  const [a, b] = await stage.openTwo();
  const row = new Row();
  await stage.keep(b, row, HOUR);
  row.change();
  await a.invalidate('key');
  const seen = await within(5_000, async () => (await b.getOrSet('key', row.load, HOUR)) === row.value);
  return seen ? undefined : 'another process serves the old value 5 s later, until the end of its ttl';
}
