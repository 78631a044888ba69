import type { WriteStream } from 'node:tty';
import { Logger } from '@nestjs/common';

const BAR_STEPS = 30;
const LINES = 4;

/** Shows how far the filling of a new database is: as a bar on a terminal, as lines of the log elsewhere. */
export class SeedProgress {
  readonly #logger = new Logger(SeedProgress.name);
  readonly #output: WriteStream;
  #shown = 0;

  constructor(output: WriteStream) {
    this.#output = output;
  }

  show(done: number, all: number): void {
    const steps = this.#output.isTTY ? BAR_STEPS : LINES;
    const step = Math.floor((done / all) * steps);
    if (step === this.#shown) return;
    this.#shown = step;
    const text = `${done} of ${all} rows are in the database`;
    if (!this.#output.isTTY) this.#logger.log(text);
    else this.#output.write(`\r[${'#'.repeat(step).padEnd(BAR_STEPS, '.')}] ${text}${done === all ? '\n' : ''}`);
  }
}
