import { HOUR } from '../options.mjs';
import { Row } from '../row.mjs';
import { within } from '../time.mjs';

export const hazard = 'H19';
export const title = 'A process killed in the middle of an invalidation leaves no memory behind that was not told';
export const needs = ['messages'];

export async function show(stage) {
  const wire = await stage.wire();
  const [dying, b] = await Promise.all([stage.process({ through: wire }), stage.open()]);
  await stage.warm(b);
  const row = new Row();
  await b.getOrSet('the-key', row.load, HOUR);
  await stage.settle();
  // Nothing arrives after the first request that names the key.
  let named = false;
  wire.rule = (_link, chunk, way) => {
    if (way === 'reply') return 'pass';
    if (named) return 'drop';
    named = chunk.includes('the-key');
    return 'pass';
  };
  row.change();
  dying.do({ act: 'invalidate', key: 'the-key' }).catch(() => undefined);
  if (!(await within(5_000, async () => (await stage.keysWith(row.old)).length === 0))) throw new Error('not deleted');
  dying.kill();
  const seen = await within(5_000, async () => (await b.getOrSet('the-key', row.load, HOUR)) === row.value);
  return seen ? undefined : 'gone in Redis, the value lives on in memory until the end of its ttl';
}
