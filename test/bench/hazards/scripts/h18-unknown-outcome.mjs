import { HOUR } from '../options.mjs';
import { Row } from '../row.mjs';
import { pause } from '../time.mjs';

export const hazard = 'H18';
export const title = 'An invalidation that never arrived is told again';

export async function show(stage) {
  const wire = await stage.wire();
  const [a, b] = await stage.openTwo([wire, stage.redis]);
  const row = new Row();
  await stage.keep(b, row, HOUR);
  wire.rule = (link, _chunk, way) => (way === 'request' && !link.hears ? 'drop' : 'pass');
  row.change();
  const told = a.invalidate('key').then(
    () => 'it said that it was done',
    () => 'it said that it was not done',
  );
  await pause(1_000);
  wire.cut((link) => !link.hears);
  wire.release();
  const said = await Promise.race([told, pause(5_000, 'it said nothing')]);
  await pause(2_000);
  const fresh = await stage.fresh();
  const read = await fresh.getOrSet('key', row.load, HOUR);
  return read === row.value ? undefined : `Redis keeps the old value; ${said}`;
}
