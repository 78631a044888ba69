import { HOUR } from '../options.mjs';
import { Row } from '../row.mjs';
import { pause } from '../time.mjs';

export const hazard = 'H10';
export const title = 'A tag that is invalidated during a load ends what it loads';
export const needs = ['tags'];

export async function show(stage) {
  const wire = await stage.wire();
  const [a, b] = await stage.openTwo([wire, stage.redis]);
  const row = new Row();
  const options = { ...HOUR, tags: ['tag'] };
  const slow = row.slowLoad();
  const first = a.getOrSet('key', slow.load, options);
  await slow.begun;
  // The store does not wait for the message.
  wire.holdMessages();
  row.change();
  await b.invalidateTags('tag');
  await pause(5);
  slow.end();
  await first;
  await stage.settle();
  wire.release();
  const fresh = await stage.fresh();
  const read = await fresh.getOrSet('key', row.load, options);
  return read === row.value ? undefined : 'the value read before the invalidation counts as younger than it';
}
