import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { measureOutage, type OutageOptions, type OutageSecond, phasesOf, summaryOf } from './measured-outage.js';

const [folder = 'docs', ...asked] = process.argv.slice(2);
const OUTAGES = asked.length > 0 ? asked.map(Number) : [3, 60];

const rows: string[] = [];
for (const outage of OUTAGES) {
  const options: OutageOptions = {
    ...{ processes: 10, readsPerSecond: 5_000, keys: 4_000, ttl: 30_000, detachedTtl: 60_000, loadMs: 20 },
    ...{ warmUp: 60, outage, after: Math.max(30, outage) },
  };
  const seconds = await measureOutage(options);
  for (const phase of phasesOf(options)) {
    const { reads, loads, worst, slowest, failures } = summaryOf(seconds, phase);
    const figures = [reads, loads, worst, slowest].map((figure) => figure.toFixed(0));
    rows.push(`| ${outage} s | ${phase.name} | ${figures.join(' | ')} | ${failures} |`);
  }
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `outage-${outage}s.svg`);
  writeFileSync(path, pictureOf(seconds, outage));
  process.stderr.write(`${path}\n`);
}
process.stdout.write(
  [
    '| Redis gone for | | reads/s | loads/s | worst second | slowest read, ms | failed reads |',
    '|---|---|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n'),
);

/** Loads at the source by the second; the time without Redis is shaded. */
function pictureOf(seconds: readonly OutageSecond[], outage: number): string {
  const [width, height, left, bottom] = [800, 300, 50, 40];
  const shown = seconds.filter(({ at }) => at >= -10);
  const most = Math.max(10, ...shown.map(({ loads }) => loads));
  const step = 10 ** Math.floor(Math.log10(most));
  const top = Math.ceil(most / step) * step;
  const x = (at: number): number => left + ((at + 10) / shown.length) * (width - left - 10);
  const y = (loads: number): number => height - bottom - (loads / top) * (height - bottom - 30);
  const points = shown.map(({ at, loads }) => `${x(at + 0.5).toFixed(1)},${y(loads).toFixed(1)}`);
  const grid = Array.from({ length: Math.round(top / step) + 1 }, (_, index) => index * step).map(
    (loads) =>
      `<path d="M${left} ${y(loads)}H${width - 10}" stroke="#ddd"/>` +
      `<text x="${left - 6}" y="${y(loads) + 4}" text-anchor="end">${loads}</text>`,
  );
  const every = shown.length > 60 ? 20 : 5;
  const marks = shown
    .filter(({ at }) => at % every === 0)
    .map(({ at }) => `<text x="${x(at)}" y="${height - bottom + 18}" text-anchor="middle">${at} s</text>`);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    `<text x="${left}" y="18">Loads per second at the source; 10 processes, 5,000 reads a second, Redis gone for ${outage} s</text>`,
    `<rect x="${x(0)}" y="30" width="${x(outage) - x(0)}" height="${height - bottom - 30}" fill="#f6d5d5"/>`,
    ...grid,
    ...marks,
    `<polyline points="${points.join(' ')}" fill="none" stroke="#1f5fa8" stroke-width="1.5"/>`,
    '</svg>',
    '',
  ].join('\n');
}
