import { milliseconds, number, percent } from './format.mjs';
import { escaped, Panel } from './panel.mjs';
import { STYLE } from './picture-style.mjs';
import { sourcesOf } from './rows.mjs';
import { linearScale, logarithmicScale } from './scales.mjs';

const WIDTH = 880;
const TOP = 64;
const PANEL = { width: 440, height: 250 };
const NAMES = ['without', 'with'];
const SOURCE_NAMES = { absent: 'known absent' };
const OPACITIES = [0.45, 0.3, 0.18, 0.1];

/** The curves of one run, or of two over each other, as an SVG that needs nothing besides. */
export function pictureOf(runs, subtitle) {
  const curves = runs.map((run, index) => ({ ...curvesOf(run), name: runs.length === 1 ? 'with' : NAMES[index] }));
  const frame = { ...PANEL, seconds: Math.max(...curves.map(({ seconds }) => seconds)) };
  const panels = [
    rateOf(frame, curves),
    latencyOf(frame, curves),
    hitsOf(frame, curves, runs),
    queriesOf(frame, curves),
  ];
  const height = TOP + 2 * PANEL.height + 8;
  const title = `The storefront ${runs.map(({ label }) => label).join(' and ')}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<desc>${escaped(curves.map(described).join('; '))}</desc>`,
    STYLE,
    `<rect class="card" x="0.5" y="0.5" width="${WIDTH - 1}" height="${height - 1}" rx="8"/>`,
    `<text class="headline" x="16" y="34">${escaped('The storefront ')}${curves.map(labelled).join(' and ')}</text>`,
    `<text class="subtitle" x="16" y="55">${escaped(subtitle)}</text>`,
    ...panels.map((panel, index) => panel.at((index % 2) * PANEL.width, TOP + Math.floor(index / 2) * PANEL.height)),
    '</svg>',
    '',
  ].join('\n');
}

function curvesOf({ label, samples, total }) {
  let seconds = 0;
  const middles = samples.map((sample) => (seconds += sample.seconds) - sample.seconds / 2);
  const over = (value) => samples.map((sample, index) => [middles[index], value(sample)]);
  return { label, samples, total, over, seconds };
}

function rateOf(frame, curves) {
  const of = (sample) => sample.requestsPerSecond;
  const panel = new Panel({ ...frame, scale: linearScale(valuesOf(curves, of)) });
  panel.heading(
    'Requests per second',
    curves.map(({ name, total }) => [name, number(of(total))]),
  );
  panel.axes(number);
  for (const { name, over } of curves) panel.line(name, over(of));
  return panel;
}

function latencyOf(frame, curves) {
  const values = [...valuesOf(curves, ({ median }) => median), ...valuesOf(curves, ({ p99 }) => p99)];
  const panel = new Panel({ ...frame, scale: logarithmicScale(values) });
  panel.heading(
    'Latency: median to 99th percentile',
    curves.map(({ name, total }) => [name, `${milliseconds(total.median)} to ${milliseconds(total.p99)}`]),
  );
  panel.axes((tick) => `${number(tick)} ms`);
  for (const { name, over } of curves) {
    const [lower, upper] = [over(({ median }) => median), over(({ p99 }) => p99)];
    panel.band(name, { upper, lower, opacity: 0.18 });
    panel.line(`thin ${name}`, upper);
    panel.line(name, lower);
  }
  return panel;
}

function hitsOf(frame, curves, runs) {
  const panel = new Panel({ ...frame, scale: linearScale([1]) });
  const cached = curves.filter(({ total }) => Number.isFinite(total.hitRate));
  const sources = sourcesOf(runs);
  panel.heading(
    'Hit rate, by where the answer came from',
    cached.flatMap(({ name, total }) => [
      [name, percent(total.hitRate)],
      ...sources.map((source) => ['source', `${SOURCE_NAMES[source] ?? source} ${percent(total.sources[source])}`]),
    ]),
  );
  panel.axes((share) => `${Math.round(share * 100)} %`);
  for (const { name, over } of cached) {
    sources.forEach((_, index) => {
      const upTo = (count) =>
        over((sample) => sources.slice(0, count).reduce((sum, of) => sum + sample.sources[of], 0));
      panel.band(name, { upper: upTo(index + 1), lower: upTo(index), opacity: OPACITIES[index] ?? 0.1 });
    });
    panel.line(
      name,
      over(({ hitRate }) => hitRate),
    );
  }
  return panel;
}

function queriesOf(frame, curves) {
  const of = (sample) => sample.queriesPerSecond;
  const panel = new Panel({ ...frame, scale: linearScale(valuesOf(curves, of)) });
  panel.heading('SQL queries per second', [
    ...curves.map(({ name, total }) => [name, number(of(total))]),
    ['source', 'per 1,000 requests:'],
    ...curves.map(({ name, total }) => [name, number(total.queriesPerThousand)]),
  ]);
  panel.axes(number);
  for (const { name, over } of curves) panel.line(name, over(of));
  return panel;
}

function valuesOf(curves, of) {
  return curves.flatMap(({ samples }) => samples.map(of));
}

function labelled({ name, label }) {
  return `<tspan class="${name}-text">${escaped(label)}</tspan>`;
}

function described({ label, total }) {
  return `${label}: ${number(total.requestsPerSecond)} requests/s, median ${milliseconds(total.median)}, 99th percentile ${milliseconds(total.p99)}, ${number(total.queriesPerSecond)} SQL queries/s`;
}
