import { HOUR } from '../options.mjs';
import { Row } from '../row.mjs';
import { limited } from '../time.mjs';

export const hazard = 'H30';
export const title = 'An invalidation that Redis refuses does not pass for done (NOREPLICAS)';

export async function show(stage) {
  const server = await stage.server();
  const a = await stage.fresh(server);
  const row = new Row();
  await stage.keep(a, row, HOUR, server);
  await server.command('CONFIG', 'SET', 'min-replicas-to-write', 1);
  row.change();
  const told = a.invalidate('key').then(
    () => true,
    () => false,
  );
  const done = await limited(told, 10_000);
  await server.command('CONFIG', 'SET', 'min-replicas-to-write', 0);
  if (!done) return undefined;
  const fresh = await stage.fresh(server);
  const read = await fresh.getOrSet('key', row.load, HOUR);
  return read === row.value ? undefined : 'the promise resolves, and Redis keeps the old value';
}
