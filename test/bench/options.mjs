import { parseArgs } from 'node:util';
import { ROW_IDS } from './rows.mjs';

const FULL = { rounds: 7, passes: 5 };
const QUICK = { rounds: 3, passes: 3 };

/** What the command line asks for. */
export function readOptions(args) {
  const { values } = parseArgs({
    args,
    options: {
      rounds: { type: 'string' },
      quick: { type: 'boolean', default: false },
      rows: { type: 'string' },
      json: { type: 'string' },
      breakdown: { type: 'boolean', default: false },
    },
  });
  const extent = values.quick ? QUICK : FULL;
  return {
    rounds: values.rounds === undefined ? extent.rounds : wholeNumber(values.rounds),
    passes: extent.passes,
    rows: values.rows === undefined ? ROW_IDS : values.rows.split(',').map(knownRow),
    json: values.json,
    breakdown: values.breakdown,
  };
}

function wholeNumber(text) {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new Error(`--rounds takes a number from 1 on, not '${text}'.`);
  return number;
}

function knownRow(id) {
  if (!ROW_IDS.includes(id)) throw new Error(`There is no row '${id}'. There are: ${ROW_IDS.join(', ')}.`);
  return id;
}
