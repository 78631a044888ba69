import { HOUR } from '../options.mjs';
import { Row } from '../row.mjs';
import { pause } from '../time.mjs';

export const hazard = 'H12';
export const title = 'So does a tag that is known only from the result';
export const needs = ['late tags'];

export async function show(stage) {
  const wire = await stage.wire();
  const [a, b] = await stage.openTwo([wire, stage.redis]);
  const row = new Row();
  const slow = row.slowLoad({ tags: ['tag'] });
  const first = a.getOrSet('key', slow.load, HOUR);
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
  const read = await fresh.getOrSet('key', row.load, HOUR);
  return read === row.value ? undefined : 'the value read before the invalidation counts as younger than it';
}
