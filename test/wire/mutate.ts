import { parseArgs } from 'node:util';
import { readMutated } from './mutated-records.js';

const { values } = parseArgs({
  options: { records: { type: 'string', default: '1000000' }, seed: { type: 'string', default: '1' } },
});
const outcomes = readMutated(Number(values.records), Number(values.seed));
for (const [outcome, times] of [...outcomes].sort(([, one], [, other]) => other - one)) {
  process.stdout.write(`${String(times).padStart(10)} ${outcome}\n`);
}
