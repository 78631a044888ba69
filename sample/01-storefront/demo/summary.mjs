import { number } from './format.mjs';
import { rowsOf } from './rows.mjs';

const TITLE = 25;
const CELL = 17;
const REASONS_SHOWN = 5;

/** The whole of every run in a table, and what went wrong. */
export function summaryOf(runs) {
  const head = ['', ...runs.map(({ label }) => label)];
  const rows = rowsOf(runs).map(({ title, of, format, compared }) => {
    const values = runs.map(({ total }) => of(total));
    return [title, ...values.map(format), compared && runs.length === 2 ? timesOf(values) : ''];
  });
  const prices = ['new price seen at once', ...runs.map(({ prices: { read, old } }) => `${read - old} of ${read}`)];
  return [...[head, ...rows, prices].map(lineOf), ...runs.flatMap(failuresOf)].join('\n');
}

function lineOf([title, ...cells]) {
  return `  ${title.padEnd(TITLE)}${cells.map((cell) => cell.padStart(CELL)).join('')}`.trimEnd();
}

function timesOf([before, after]) {
  if (!(before > 0 && after > 0)) return '';
  return after >= before ? `× ${number(after / before)}` : `÷ ${number(before / after)}`;
}

function failuresOf({ label, failures }) {
  const reasons = [...failures.reasons].sort(([, one], [, other]) => other - one).slice(0, REASONS_SHOWN);
  return reasons.map(([reason, count]) => `  ${label}: ${number(count)} times ${reason}`);
}
