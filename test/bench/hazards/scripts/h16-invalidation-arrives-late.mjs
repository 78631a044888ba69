import { HOUR } from '../options.mjs';
import { Row } from '../row.mjs';
import { pause } from '../time.mjs';

export const hazard = 'H16';
export const title = 'An invalidation that arrives late does not undo a later one';
export const needs = ['tags'];

export async function show(stage) {
  const wire = await stage.wire();
  const [a, b] = await stage.openTwo([wire, stage.redis]);
  const row = new Row();
  const options = { ...HOUR, tags: ['some-tag'] };
  wire.rule = (_link, chunk, way) => (way === 'request' && chunk.includes('some-tag') ? 'hold' : 'pass');
  const sent = wire.seen('some-tag', 'request');
  const late = a.invalidateTags('some-tag').catch(() => undefined);
  await sent;
  await pause(5);
  row.change();
  await stage.keep(b, row, options);
  await pause(30);
  row.change();
  await b.invalidateTags('some-tag');
  wire.release();
  await late;
  await stage.settle();
  const fresh = await stage.fresh();
  const read = await fresh.getOrSet('key', row.load, options);
  return read === row.value ? undefined : 'the value that the later one had ended is good again';
}
