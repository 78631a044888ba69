import { measureHeap } from './heap.mjs';
import { report } from './report.mjs';
import { measureTime } from './time.mjs';

const KINDS = { heap: measureHeap, time: measureTime };

const measurement = JSON.parse(process.argv[2]);
// A contestant is a module, a step of the breakdown one export of a module.
const [path, part] = measurement.subject.split('#');
const module = await import(new URL(path, import.meta.url));
const { make } = part === undefined ? module : module[part];

report(JSON.stringify(await KINDS[measurement.kind](make, measurement)));
