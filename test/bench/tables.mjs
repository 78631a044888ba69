/** The rows as text. */
export function rowsTable(rows) {
  return rows.map(rowTable).join('\n');
}

function rowTable({ id, title, unit, lines }) {
  const head = ['', 'ratio', 'min', 'max', unit, 'baseline', 'target', 'reached'];
  const body = lines.map(({ name, ratio, amount, baseline, target, reached }) => [
    name,
    ratio.median.toFixed(2),
    ratio.min.toFixed(2),
    ratio.max.toFixed(2),
    amount.toFixed(0),
    baseline.toFixed(0),
    target === undefined ? '' : target.toFixed(2),
    reached === undefined ? '' : reached ? 'yes' : 'no',
  ]);
  return `${id}: ${title}\n${grid([head, ...body])}`;
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
function grid(lines) {
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  return lines.map((line) => `${line.map(padded).join('  ').trimEnd()}\n`).join('');

  function padded(cell, column) {
    return column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]);
  }
}
