import { HOUR } from '../options.mjs';
import { pause } from '../time.mjs';

export const hazard = 'H35';
export const title = 'Of 30 callers, 5 ms apart, of a load that fails no two load at the same time';

export async function show(stage) {
  const a = await stage.fresh();
  let [running, most] = [0, 0];
  const load = async () => {
    running += 1;
    most = Math.max(most, running);
    await pause(20);
    running -= 1;
    throw new Error('the source is down');
  };
  const calls = [];
  while (calls.length < 30) {
    calls.push(a.getOrSet('key', load, HOUR).catch(() => undefined));
    await pause(5);
  }
  await Promise.all(calls);
  return most === 1 ? undefined : 'several at the same time';
}
