import { HOUR } from '../options.mjs';
import { Row } from '../row.mjs';

export const hazard = 'H14';
export const title = 'An invalidated value stays so when Redis evicts all but the value';
export const needs = ['tags'];

export async function show(stage) {
  const [a, b] = await stage.openTwo();
  const row = new Row();
  const options = { ...HOUR, tags: ['tag'] };
  await stage.keep(a, row, options);
  row.change();
  await b.invalidateTags('tag');
  const kept = await stage.keysWith(row.old);
  for (const key of await stage.keys()) if (!kept.includes(key)) await stage.redis.command('DEL', key);
  const fresh = await stage.fresh();
  const read = await fresh.getOrSet('key', row.load, options);
  return read === row.value ? undefined : 'the record of the tag gone, the old value is good again';
}
