import { HOUR } from '../options.mjs';
import { Row } from '../row.mjs';

export const hazard = 'H26';
export const title = 'A `null` read before a row was inserted does not hide it afterwards';

export async function show(stage) {
  const wire = await stage.wire();
  const [a, b] = await stage.openTwo([wire, stage.redis]);
  const row = new Row();
  const slow = row.slowLoad({ read: () => null });
  const first = a.getOrSet('key', slow.load, HOUR);
  await slow.begun;
  // The store does not wait for the message.
  wire.holdMessages();
  await b.invalidate('key');
  slow.end();
  await first;
  await stage.settle();
  wire.release();
  const fresh = await stage.fresh();
  const read = await fresh.getOrSet('key', row.load, HOUR);
  return read === row.value ? undefined : 'Redis keeps that there is no such row';
}
