import { HOUR } from '../options.mjs';
import { limited, NoAnswer } from '../time.mjs';

export const hazard = 'H36';
export const title = 'A load that asks for its own key ends';

export async function show(stage) {
  const a = await stage.open();
  const load = () => a.getOrSet('key', load, HOUR);
  const end = await limited(a.getOrSet('key', load, HOUR), 5_000).catch((error) => error);
  return end instanceof NoAnswer
    ? 'it waits for itself, for ever, and so does every other reader of the key'
    : undefined;
}
