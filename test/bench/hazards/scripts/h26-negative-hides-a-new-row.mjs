import { HOUR } from '../options.mjs';
import { Row } from '../row.mjs';

export const hazard = 'H26';
export const title = 'A `null` read before a row was inserted does not hide it afterwards';

export async function show(stage) {
  const [a, b] = await stage.openTwo();
  const row = new Row();
  const slow = row.slowLoad({ read: () => null });
  const first = a.getOrSet('key', slow.load, HOUR);
  await slow.begun;
  await b.invalidate('key');
  slow.end();
  await first;
  await stage.settle();
  const fresh = await stage.fresh();
  const read = await fresh.getOrSet('key', row.load, HOUR);
  return read === row.value ? undefined : 'Redis keeps that there is no such row';
}
