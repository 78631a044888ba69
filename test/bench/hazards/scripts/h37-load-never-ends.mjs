import { HOUR } from '../options.mjs';
import { Row } from '../row.mjs';
import { limited, pause } from '../time.mjs';

export const hazard = 'H37';
export const title = 'A load that never ends does not keep its key for ever';

export async function show(stage) {
  const a = await stage.fresh();
  const row = new Row();
  const endless = () => new Promise(() => undefined);
  a.getOrSet('key', endless, { ...HOUR, loadLimit: 300 }).catch(() => undefined);
  await pause(1_000);
  const read = await limited(a.getOrSet('key', row.load, { ...HOUR, loadLimit: 10_000 }), 5_000).catch(
    (error) => error,
  );
  if (read === row.value) return undefined;
  return stage.has('time limit of loads')
    ? `later callers: ${read.message}`
    : 'later callers wait for ever; a load has no time limit';
}
