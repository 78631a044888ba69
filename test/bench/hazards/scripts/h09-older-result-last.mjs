import { HOUR } from '../options.mjs';
import { Row } from '../row.mjs';

export const hazard = 'H9';
export const title = 'A slow load does not write over what was set meanwhile';

export async function show(stage) {
  const wire = await stage.wire();
  const [a, b] = await stage.openTwo([wire, stage.redis]);
  const row = new Row();
  const slow = row.slowLoad();
  const first = a.getOrSet('key', slow.load, HOUR);
  await slow.begun;
  // The store does not wait for the message.
  wire.holdMessages();
  row.change();
  await b.set('key', row.value, HOUR);
  slow.end();
  await first;
  await stage.settle();
  wire.release();
  const fresh = await stage.fresh();
  const read = await fresh.getOrSet('key', row.load, HOUR);
  return read === row.value ? undefined : 'Redis keeps the older value';
}
