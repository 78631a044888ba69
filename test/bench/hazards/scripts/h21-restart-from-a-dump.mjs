import { HOUR } from '../options.mjs';
import { Row } from '../row.mjs';
import { limited } from '../time.mjs';

export const hazard = 'H21';
export const title = 'A server started again from an older dump revives nothing';

export async function show(stage) {
  const server = await stage.server();
  const a = await stage.fresh(server);
  const row = new Row();
  await stage.keep(a, row, HOUR, server);
  await server.command('SAVE');
  row.change();
  await a.invalidate('key');
  await server.kill();
  await server.restart();
  const fresh = await stage.fresh(server);
  const read = await limited(fresh.getOrSet('key', row.load, HOUR), 10_000);
  return read === row.value ? undefined : 'the old value is back';
}
