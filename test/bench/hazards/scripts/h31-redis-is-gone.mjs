import { HOUR } from '../options.mjs';
import { Row } from '../row.mjs';
import { within } from '../time.mjs';

export const hazard = 'H31b';
export const title = 'Memory does not go on without end when Redis is gone';

export async function show(stage) {
  const server = await stage.server();
  const a = await stage.open({ through: server, detachedTtl: 2_000 });
  const b = await stage.open({ through: server, detachedTtl: 2_000 });
  await stage.warm(a);
  const row = new Row();
  await stage.keep(a, row, HOUR, server);
  await server.kill();
  row.change();
  b.invalidate('key').catch(() => undefined);
  const seen = await within(10_000, async () => (await a.getOrSet('key', row.load, HOUR)) === row.value);
  return seen ? undefined : 'memory serves the old value 10 s later, until the end of its ttl';
}
