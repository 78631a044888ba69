import { parseArgs } from 'node:util';
import { ROW_IDS } from './rows.mjs';

/** `extent` is what every measurement is told: how much of each there is. */
const FULL = { rounds: 7, extent: { passes: 5, mostEntries: 1_000_000, coldKeys: 200 } };
const QUICK = { rounds: 3, extent: { passes: 3, mostEntries: 100_000, coldKeys: 50 } };

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
      wire: { type: 'boolean', default: false },
    },
  });
  const { rounds, extent } = values.quick ? QUICK : FULL;
  return {
    rounds: values.rounds === undefined ? rounds : wholeNumber(values.rounds),
    extent,
    rows: values.rows === undefined ? ROW_IDS : values.rows.split(',').map(knownRow),
    json: values.json,
    breakdown: values.breakdown,
    wire: values.wire,
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
