import { HOUR } from '../options.mjs';
import { Row } from '../row.mjs';
import { limited, NoAnswer } from '../time.mjs';

export const hazard = 'H31a';
export const title = 'A read answers within 5 s while Redis hangs';

export async function show(stage) {
  const server = await stage.server();
  const a = await stage.fresh(server);
  const row = new Row();
  server.pause();
  const read = await limited(a.getOrSet('key', row.load, HOUR), 5_000).catch((error) => error);
  server.resume();
  if (read === row.value) return undefined;
  return read instanceof NoAnswer ? 'no answer, and no load' : `fails: ${read.message}`;
}
