import { HOUR } from '../options.mjs';
import { Row } from '../row.mjs';
import { within } from '../time.mjs';

export const hazard = 'H11';
export const title = 'A process that dies while it stores leaves no entry that its tag does not end';
export const needs = ['tags'];

export async function show(stage) {
  const wire = await stage.wire();
  const [a, b] = await stage.openTwo([wire, stage.redis]);
  const row = new Row();
  const options = { ...HOUR, tags: ['tag'] };
  // Nothing arrives after the first request that carries the value.
  let carried = false;
  wire.rule = (_link, chunk, way) => {
    if (way === 'reply') return 'pass';
    if (carried) return 'drop';
    carried = chunk.includes(row.value);
    return 'pass';
  };
  a.getOrSet('key', row.load, options).catch(() => undefined);
  if (!(await within(5_000, async () => (await stage.keysWith(row.value)).length > 0))) throw new Error('not stored');
  row.change();
  await b.invalidateTags('tag');
  await stage.settle();
  const fresh = await stage.fresh();
  const read = await fresh.getOrSet('key', row.load, options);
  return read === row.value ? undefined : 'the entry cannot be ended by its tag any more';
}
