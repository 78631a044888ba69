/** The rows as text. */
export function rowsTable(rows) {
  return rows.map(rowTable).join('\n');
}

function rowTable(row) {
  const isAbsolute = row.lines.every(({ ratio }) => ratio === undefined);
  return `${row.id}: ${row.title}\n${grid(isAbsolute ? absoluteLines(row) : ratioLines(row))}`;
}

function ratioLines({ unit, digits, besides: heads, lines }) {
  return [
    ['', 'ratio', 'min', 'max', unit, 'baseline', ...heads, 'target', 'reached'],
    ...lines.map(({ name, ratio, amount, baseline, besides, ...verdict }) => [
      name,
      ...spreadCells(ratio, 2),
      ...[amount, baseline].map((number) => number.toFixed(digits)),
      ...besides.map((beside) => beside.amount.toFixed(beside.digits)),
      ...verdictCells(verdict),
    ]),
  ];
}

/** Of what has nothing to be compared with. */
function absoluteLines({ unit, digits, lines }) {
  return [
    ['', unit, 'min', 'max', 'target', 'reached'],
    ...lines.map(({ name, amounts, ...verdict }) => [name, ...spreadCells(amounts, digits), ...verdictCells(verdict)]),
  ];
}

function spreadCells({ median, min, max }, digits) {
  return [median, min, max].map((number) => number.toFixed(digits));
}

function verdictCells({ target, reached }) {
  return [target === undefined ? '' : target.toFixed(2), reached === undefined ? '' : reached ? 'yes' : 'no'];
}

/** What operations cost on the wire, as text. */
export function wireTable(operations) {
  const head = ['', 'commands', 'round trips', 'bytes sent', 'received', 'heard', 'what was sent'];
  return grid([
    head,
    ...operations.map(({ name, commands, trips, sent, received, heard, names }) => [
      name,
      ...[commands, trips, sent, received, heard].map((number) => number.toFixed(0)),
      names.join(', '),
    ]),
  ]);
}

/** The steps of a hit as text. */
export function breakdownTable(steps) {
  const head = ['what a hit does', 'ns per read', 'difference', 'min', 'max'];
  const body = steps.map(({ name, ns, difference }) => [
    name,
    ns.toFixed(1),
    ...(difference === undefined
      ? ['', '', '']
      : [difference.median, difference.min, difference.max].map((amount) => amount.toFixed(1))),
  ]);
  return grid([head, ...body]);
}

/** The first column to the left, figures to the right. */
export function grid(lines) {
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  return lines.map((line) => `${line.map(padded).join('  ').trimEnd()}\n`).join('');

  function padded(cell, column) {
    return column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]);
  }
}
