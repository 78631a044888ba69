import { measureHeap } from './heap.mjs';
import { compareRoutes } from './http/measure.mjs';
import { report } from './report.mjs';
import { measureTime } from './time.mjs';

const KINDS = { heap: measureHeap, time: measureTime };

const measurement = JSON.parse(process.argv[2]);
report(JSON.stringify(await figuresOf(measurement)));

async function figuresOf({ kind, subject, ...conditions }) {
  if (kind === 'routes') return compareRoutes(conditions);
  // A contestant is a module, a step of the breakdown one export of a module.
  const [path, part] = subject.split('#');
  const module = await import(new URL(path, import.meta.url));
  const { make } = part === undefined ? module : module[part];
  return KINDS[kind](make, conditions);
}
