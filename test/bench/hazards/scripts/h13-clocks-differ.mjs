import { HOUR } from '../options.mjs';
import { Row } from '../row.mjs';

export const hazard = 'H13';
export const title = 'An invalidation counts also where the clock of its process is 10 s late';
export const needs = ['tags'];

export async function show(stage) {
  const [a, late] = await Promise.all([stage.open(), stage.process({ clockShift: -10_000 })]);
  const row = new Row();
  const options = { ...HOUR, tags: ['tag'] };
  await stage.keep(a, row, options);
  row.change();
  await late.do({ act: 'invalidateTags', tags: ['tag'] });
  await stage.settle();
  const fresh = await stage.fresh();
  const read = await fresh.getOrSet('key', row.load, options);
  return read === row.value ? undefined : 'the invalidation has no effect';
}
