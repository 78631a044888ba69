import { HOUR } from '../options.mjs';
import { Row } from '../row.mjs';
import { pause, within } from '../time.mjs';

export const hazard = 'H17';
export const title = 'A write whose reply was lost is not sent again after an invalidation';

export async function show(stage) {
  const wire = await stage.wire();
  const [a, b] = await stage.openTwo([wire, stage.redis]);
  const row = new Row();
  const written = row.value;
  // Nothing is answered from the request on that carries the value.
  let carried = false;
  wire.rule = (link, chunk, way) => {
    if (way === 'request' && chunk.includes(written)) carried = true;
    return way === 'reply' && carried && !link.hears ? 'drop' : 'pass';
  };
  const set = a.set('key', written, HOUR).catch(() => undefined);
  if (!(await within(5_000, async () => (await stage.keysWith(written)).length > 0))) throw new Error('not written');
  row.change();
  await b.invalidate('key');
  wire.cut((link) => !link.hears);
  wire.release();
  await Promise.race([set, pause(3_000)]);
  await stage.settle();
  const fresh = await stage.fresh();
  const read = await fresh.getOrSet('key', row.load, HOUR);
  return read === row.value ? undefined : 'the connection made anew, the old value is written once more';
}
