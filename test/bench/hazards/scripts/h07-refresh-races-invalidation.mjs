import { HOUR } from '../options.mjs';
import { Row } from '../row.mjs';
import { pause } from '../time.mjs';

export const hazard = 'H7';
export const title = 'A refresh in the background that an invalidation overtakes is not stored';

export async function show(stage) {
  const wire = await stage.wire();
  const [a, b] = await stage.openTwo();
  const row = new Row();
  // cache-manager refreshes before the end of a ttl, the others after it.
  const options = stage.has('old values') ? { ttl: 1_000, refreshBehind: 3_600_000 } : { ...HOUR, refreshBehind: 1 };
  await a.getOrSet('key', row.load, options);
  const refreshing = await stage.fresh(wire);
  if (stage.has('old values')) await pause(1_000);
  const slow = row.slowLoad();
  await refreshing.getOrSet('key', slow.load, options);
  await slow.begun;
  // The store does not wait for the message.
  wire.holdMessages();
  row.change();
  await b.invalidate('key');
  slow.end();
  await stage.settle();
  wire.release();
  const fresh = await stage.fresh();
  const read = await fresh.getOrSet('key', row.load, HOUR);
  return read === row.value ? undefined : 'Redis keeps what the refresh had read before the invalidation';
}
