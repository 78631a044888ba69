import { HOUR } from '../options.mjs';
import { Row } from '../row.mjs';

export const hazard = 'H6';
export const title = 'A read after an invalidation does not join a load begun before it';

export async function show(stage) {
  const a = await stage.fresh();
  const row = new Row();
  const slow = row.slowLoad();
  const before = a.getOrSet('key', slow.load, HOUR);
  await slow.begun;
  row.change();
  await a.invalidate('key');
  const after = a.getOrSet('key', row.load, HOUR);
  await stage.settle();
  slow.end();
  await before;
  return (await after) === row.value ? undefined : 'the caller that invalidated reads the old value';
}
