import { HOUR } from '../options.mjs';
import { Row } from '../row.mjs';

export const hazard = 'H33';
export const title = 'A record that another version wrote, or that is torn, is a miss';

export async function show(stage) {
  const a = await stage.open();
  const row = new Row();
  const kinds = { 'torn in the middle': tear, 'of an unknown format': () => '{"format":99,"content":{}}' };
  for (const [kind, change] of Object.entries(kinds)) {
    await a.getOrSet(kind, row.load, HOUR);
    await stage.settle();
    const keys = await stage.keysWith(row.value);
    if (keys.length === 0) throw new Error('Redis does not hold the value');
    for (const key of keys) {
      const bytes = await stage.redis.commandBytes('GET', key);
      await stage.redis.command('SET', key, change(bytes), 'KEEPTTL');
    }
    const fresh = await stage.fresh();
    const read = await fresh.getOrSet(kind, row.load, HOUR).catch((error) => error);
    if (read !== row.value) return `a record ${kind} answers ${read instanceof Error ? read.message : String(read)}`;
  }
  return undefined;
}

function tear(bytes) {
  return bytes.subarray(0, Math.floor(bytes.length / 2));
}
