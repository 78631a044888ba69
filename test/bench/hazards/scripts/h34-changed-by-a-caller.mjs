import { HOUR } from '../options.mjs';
import { pause } from '../time.mjs';

export const hazard = 'H34';
export const title = 'A caller that changes what it got changes it for nobody else';

export async function show(stage) {
  const a = await stage.open();
  const load = async () => {
    await pause(20);
    return { list: ['mine'] };
  };
  const [first, atOnce] = await Promise.all([a.getOrSet('key', load, HOUR), a.getOrSet('key', load, HOUR)]);
  spoil(first);
  if (atOnce.list.length > 1) return 'a caller of the same moment has the same object';
  const hit = await a.getOrSet('key', load, HOUR);
  if (hit.list.length > 1) return 'what memory keeps is the object of the first caller';
  spoil(hit);
  const next = await a.getOrSet('key', load, HOUR);
  return next.list.length > 1 ? 'all hits get the same object' : undefined;
}

function spoil(value) {
  try {
    value.list.push('yours');
  } catch (error) {
    // It says so at once: as good.
    if (!(error instanceof TypeError)) throw error;
  }
}
