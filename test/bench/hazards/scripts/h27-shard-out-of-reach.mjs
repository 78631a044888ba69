import { HOUR } from '../options.mjs';
import { Row } from '../row.mjs';
import { pause, within } from '../time.mjs';

const KEYS = Array.from({ length: 16 }, (_, n) => `key-${n}`);

export const hazard = 'H27';
export const title = 'What an invalidation could not tell a shard of a cluster is told when the shard is back';

export async function show(stage) {
  const cluster = await stage.cluster();
  const way = await stage.wayWithGap(cluster);
  const [a, b] = await stage.openTwo([way, way]);
  const row = new Row();
  await keep();
  way.cutShard();
  // What was on its way then is another hazard.
  await stage.settle();
  row.change();
  const told = invalidate().then(
    () => 'it said that it was done',
    () => 'it said that it was not done',
  );
  const said = await Promise.race([told, pause(10_000, 'it said nothing')]);
  way.mendShard();
  await pause(5_000);
  const fresh = await stage.fresh(way);
  if (!(await isNew(fresh))) return `the shard back, Redis keeps old values there; ${said}`;
  if (!stage.has('messages')) return undefined;
  return (await within(5_000, () => isNew(b))) ? undefined : `the shard back, memory serves old values; ${said}`;

  /** Has values cached on all shards, in memory and in Redis. */
  async function keep() {
    await readAll(a);
    const stored = (server) => stage.keysWith(row.value, server).then(({ length }) => length);
    if (!(await within(5_000, async () => (await stored(cluster)) >= KEYS.length)))
      throw new Error('Redis does not hold the values');
    const there = await stored(way.primary);
    if (there === 0 || there === (await stored(cluster))) throw new Error('they are not on several shards');
    await readAll(b);
    const { loads } = row;
    await readAll(b);
    if (row.loads !== loads) throw new Error('memory does not hold the values');
  }

  /** By their tags, where there are tags. */
  function invalidate() {
    return stage.has('tags') ? a.invalidateTags(...KEYS.map(tagOf)) : Promise.all(KEYS.map((key) => a.invalidate(key)));
  }

  async function isNew(cache) {
    return (await readAll(cache)).every((read) => read === row.value);
  }

  function readAll(cache) {
    return Promise.all(
      KEYS.map((key) => cache.getOrSet(key, row.load, { ...HOUR, ...(stage.has('tags') && { tags: [tagOf(key)] }) })),
    );
  }
}

function tagOf(key) {
  return `tag-of-${key}`;
}
