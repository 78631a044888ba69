import type { Wire } from './wire.js';

export interface DialerParts {
  /** Makes a wire to whoever is there; undefined when nobody is. */
  readonly connect: (onClosed: () => void) => Wire | undefined;
  /** The first thing that is said on a new wire, at the server. */
  readonly greet: (wire: Wire) => void;
  readonly onUp: (wire: Wire) => void;
  /** It was up, and is no longer. */
  readonly onDown: (wire: Wire) => void;
  readonly onFailed: (error: Error) => void;
  /** Runs something in the process. */
  readonly later: (ms: number, run: () => void) => void;
}

/** How long a process waits for a connection to be made. */
const CONNECT_TIMEOUT = 1_000;
const LONGEST_PAUSE = 400;

/** Keeps one connection up: makes another when it breaks, at growing intervals when that fails. */
export class Dialer {
  readonly #parts: DialerParts;
  #wire: Wire | undefined;
  #isUp = false;
  #attempt = 0;
  #failures = 0;
  #isClosed = false;

  constructor(parts: DialerParts) {
    this.#parts = parts;
  }

  /** The connection, once it is there and as long as it is. */
  get wire(): Wire | undefined {
    return this.#isUp && this.#wire?.isOpen === true ? this.#wire : undefined;
  }

  dial(): void {
    if (this.#isClosed) return;
    const attempt = ++this.#attempt;
    const wire = this.#parts.connect(() => this.#lost(attempt));
    if (wire === undefined) return this.#fail(attempt);
    this.#wire = wire;
    wire.send(() => {
      this.#parts.greet(wire);
      wire.reply((isLate) => {
        if (isLate || attempt !== this.#attempt || this.#isClosed) return;
        this.#isUp = true;
        this.#failures = 0;
        this.#parts.onUp(wire);
      });
    });
    this.#parts.later(CONNECT_TIMEOUT, () => {
      if (attempt !== this.#attempt || this.#isUp) return;
      wire.close();
      this.#fail(attempt);
    });
  }

  /** Ends the connection, or the attempt at one, and begins anew. */
  redial(): void {
    const attempt = this.#attempt;
    this.#wire?.close();
    this.#parts.later(0, () => this.#lost(attempt));
  }

  close(): void {
    this.#isClosed = true;
    this.#wire?.close();
  }

  #lost(attempt: number): void {
    if (attempt !== this.#attempt || this.#isClosed) return;
    const [wire, wasUp] = [this.#wire, this.#isUp];
    this.#isUp = false;
    this.#wire = undefined;
    if (wire !== undefined && wasUp) this.#parts.onDown(wire);
    this.#again(attempt);
  }

  #fail(attempt: number): void {
    this.#parts.later(1, () => {
      if (attempt !== this.#attempt || this.#isClosed) return;
      this.#parts.onFailed(new Error('connect ECONNREFUSED 127.0.0.1:6379'));
      this.#again(attempt);
    });
  }

  #again(attempt: number): void {
    this.#failures++;
    const pause = Math.min(LONGEST_PAUSE, 10 * 2 ** this.#failures);
    this.#parts.later(pause, () => {
      if (attempt === this.#attempt) this.dial();
    });
  }
}
