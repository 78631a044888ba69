const BARS = '▁▂▃▄▅▆▇█';

/** The last values as bars, as high as they are of the highest. */
export function sparkline(values, highest, width) {
  return values
    .slice(width > 0 ? -width : values.length)
    .map((value) =>
      Number.isFinite(value) && highest > 0 ? BARS[Math.round((value / highest) * (BARS.length - 1))] : ' ',
    )
    .join('');
}
