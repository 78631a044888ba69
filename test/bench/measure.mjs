import { measureHeap } from './heap.mjs';
import { compareRoutes } from './http/measure.mjs';
import { measureCold } from './redis/cold.mjs';
import { compareInvalidations } from './redis/compare-invalidations.mjs';
import { compareReads } from './redis/compare-reads.mjs';
import { report } from './report.mjs';
import { measureTime } from './time.mjs';

/** These start processes or servers of their own. */
const SCENES = { routes: compareRoutes, reads: compareReads, invalidations: compareInvalidations, cold: measureCold };
const KINDS = { heap: measureHeap, time: measureTime };

const measurement = JSON.parse(process.argv[2]);
report(JSON.stringify(await figuresOf(measurement)));

async function figuresOf({ kind, subject, ...conditions }) {
  if (kind in SCENES) return SCENES[kind](conditions);
  // A contestant is a module, a step of the breakdown one export of a module.
  const [path, part] = subject.split('#');
  const module = await import(new URL(path, import.meta.url));
  const { make } = part === undefined ? module : module[part];
  return KINDS[kind](make, conditions);
}
