import { HOUR } from '../options.mjs';
import { Row } from '../row.mjs';

export const hazard = 'H1';
export const title = 'A load that began before an invalidation elsewhere is not stored in Redis after it';

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
  await b.invalidate('key');
  slow.end();
  await first;
  await stage.settle();
  wire.release();
  const fresh = await stage.fresh();
  const read = await fresh.getOrSet('key', row.load, HOUR);
  return read === row.value ? undefined : 'Redis keeps the value from before the invalidation';
}
