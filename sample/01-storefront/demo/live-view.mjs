import { rowsOf } from './rows.mjs';
import { sparkline } from './sparkline.mjs';

const TITLE = 25;
const VALUE = 10;
const MOST_BARS = 20;
const COLOURS = [33, 36];
const HIDE_CURSOR = '\x1b[?25l';
const SHOW_CURSOR = '\x1b[?25h';

/** Draws the state of all runs over what it drew before; so no line may be wider than the terminal. */
export class LiveView {
  #terminal;
  #options;
  #bars;
  #height = 0;

  constructor(terminal, { runs, ...options }) {
    this.#terminal = terminal;
    this.#options = options;
    const free = ((terminal.columns || 80) - TITLE - 2) / runs - VALUE - 3;
    this.#bars = Math.max(0, Math.min(MOST_BARS, Math.floor(free)));
    terminal.write(HIDE_CURSOR);
  }

  /** `doing` says what is under way. */
  show(runs, doing) {
    const lines = [this.#heading(), '', this.#labels(runs), ...this.#body(runs), '', `  ${doing}`];
    const up = this.#height > 0 ? `\x1b[${this.#height}A\r` : '';
    this.#terminal.write(`${up}${lines.map((line) => `${line}\x1b[K\n`).join('')}\x1b[J`);
    this.#height = lines.length;
  }

  end() {
    this.#terminal.write(SHOW_CURSOR);
  }

  #heading() {
    const { connections, seconds } = this.#options;
    return `  Storefront: ${connections} customers at a time, ${seconds} s; a price changes every second`;
  }

  #labels(runs) {
    const labels = runs.map(({ label }, index) => this.#coloured(index, label.padEnd(VALUE + this.#bars + 2)));
    return `${' '.repeat(TITLE + 2)}${labels.join('')}`;
  }

  #body(runs) {
    return rowsOf(runs).map(({ title, of, format }) => {
      const highest = Math.max(...runs.flatMap(({ samples }) => samples.map(of)).filter(Number.isFinite));
      const cells = runs.map(({ samples }, index) => {
        const now = samples.length === 0 ? '' : format(of(samples.at(-1)));
        const bars = sparkline(samples.map(of), highest, this.#bars).padEnd(this.#bars);
        return `${now.padStart(VALUE)} ${this.#coloured(index, bars)} `;
      });
      return `  ${title.padEnd(TITLE)}${cells.join('')}`;
    });
  }

  #coloured(index, text) {
    return process.env.NO_COLOR ? text : `\x1b[${COLOURS[index % COLOURS.length]}m${text}\x1b[0m`;
  }
}
