import { HOUR } from '../options.mjs';
import { Row } from '../row.mjs';
import { within } from '../time.mjs';

export const hazard = 'H38';
export const title = 'An invalidation still counts when its slot was moved to another primary of a cluster';

export async function show(stage) {
  const cluster = await stage.cluster();
  const [a, b] = await stage.openTwo([cluster, cluster]);
  const row = new Row();
  await stage.keep(a, row, HOUR, cluster);
  await stage.keep(b, row, HOUR, cluster);
  const [name] = await stage.keysWith(row.value, cluster);
  const owner = await cluster.moveSlotOf(name);
  const left = await whereOldIs();
  if (left !== undefined) return `stored before the move, the old value lives on in ${left}`;
  // The same with a value that was stored where the slot is now.
  if (!(await within(10_000, isStoredThere))) throw new Error('its new primary does not hold the value');
  await stage.keep(b, row, HOUR, owner);
  const again = await whereOldIs();
  return again === undefined ? undefined : `stored after the move, the old value lives on in ${again}`;

  async function isStoredThere() {
    await a.set('key', row.value, HOUR);
    return (await stage.keysWith(row.value, owner)).length > 0;
  }

  async function whereOldIs() {
    row.change();
    // Who cannot tell it at once may do so while others wait.
    await a.invalidate('key').catch(() => undefined);
    const isNew = async (cache) => (await cache.getOrSet('key', row.load, HOUR)) === row.value;
    if (stage.has('messages') && !(await within(5_000, () => isNew(b)))) return 'memory 5 s later';
    return (await isNew(await stage.fresh(cluster))) ? undefined : 'Redis';
  }
}
