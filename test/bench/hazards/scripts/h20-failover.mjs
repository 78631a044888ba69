import { HOUR } from '../options.mjs';
import { follow } from '../replication.mjs';
import { Row } from '../row.mjs';
import { limited, within } from '../time.mjs';

export const hazard = 'H20';
export const title = 'An invalidation is not lost with the primary, where its replica had not heard of it';

export async function show(stage) {
  const [primary, replica] = await Promise.all([stage.server(), stage.server()]);
  const [toReplica, toPrimary] = [await stage.wire(primary), await stage.wire(primary)];
  await follow(replica, toReplica);
  const a = await stage.fresh(toPrimary);
  const row = new Row();
  await stage.keep(a, row, HOUR, primary);
  if (!(await within(10_000, async () => (await stage.keysWith(row.value, replica)).length > 0)))
    throw new Error('the replica does not hold the value');
  toReplica.rule = () => 'drop';
  row.change();
  await a.invalidate('key');
  await primary.kill();
  toReplica.stop();
  await replica.command('REPLICAOF', 'NO', 'ONE');
  toPrimary.leadTo(replica.port);
  const fresh = await stage.fresh(toPrimary);
  const read = await limited(fresh.getOrSet('key', row.load, HOUR), 10_000);
  return read === row.value ? undefined : 'the replica made primary, the old value is good again';
}
