import { milliseconds, number, percent } from './format.mjs';

/** A line for every second, for where nothing can be drawn over. */
export class PlainView {
  #output;
  #doing = '';

  constructor(output) {
    this.#output = output;
  }

  show(runs, doing) {
    const run = runs.findLast(({ samples }) => samples.length > 0);
    if (doing !== this.#doing) this.#output.write(`${doing}\n`);
    else if (run !== undefined) this.#output.write(`${lineOf(run)}\n`);
    this.#doing = doing;
  }

  end() {}
}

function lineOf({ label, samples }) {
  const sample = samples.at(-1);
  return [
    `${label.padEnd(14)} ${String(samples.length).padStart(3)} s`,
    `${number(sample.requestsPerSecond).padStart(7)} requests/s`,
    `median ${milliseconds(sample.median).padStart(8)}`,
    `p99 ${milliseconds(sample.p99).padStart(8)}`,
    `hit rate ${percent(sample.hitRate).padStart(7)}`,
    `${number(sample.queriesPerSecond).padStart(7)} queries/s`,
    `${sample.errors} errors`,
  ].join('  ');
}
