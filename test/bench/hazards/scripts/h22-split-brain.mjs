import { HOUR } from '../options.mjs';
import { follow } from '../replication.mjs';
import { Row } from '../row.mjs';
import { limited, pause } from '../time.mjs';

export const hazard = 'H22';
export const title = 'A process that was left with a deposed primary notices it (with `min-replicas-to-write`)';

export async function show(stage) {
  const [deposed, replica] = await Promise.all([stage.server(), stage.server()]);
  await follow(replica, deposed);
  await deposed.command('CONFIG', 'SET', 'min-replicas-to-write', 1);
  const [writer, left] = [await stage.open({ through: deposed }), await stage.open({ through: deposed })];
  await stage.warm(left);
  const row = new Row();
  await stage.keep(writer, row, HOUR, deposed);
  await replica.command('REPLICAOF', 'NO', 'ONE');
  const elsewhere = await stage.open({ through: replica });
  row.change();
  await elsewhere.invalidate('key');
  await pause(3_000);
  const read = await limited(left.getOrSet('key', row.load, HOUR), 10_000);
  return read === row.value ? undefined : 'it reads the old value there, 3 s later';
}
