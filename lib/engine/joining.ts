import { type Clock, stayAwake } from '../core/clock.js';
import { messageOf } from '../core/errors.js';
import type { Warn } from '../core/observer.js';

/** What joins this process to the others, and parts them again. */
export interface Bond {
  open(): Promise<void>;
  close(): Promise<void>;
}

/** A start waits so long for Redis, and no longer. */
const PATIENCE_MS = 1_000;

/** Joins the others, and lets a start wait for it. */
export class Joining {
  readonly #bond: Bond;
  readonly #clock: Clock;
  readonly #warn: Warn;
  #ready: Promise<void> | undefined;
  #joined: () => void = () => undefined;

  constructor(bond: Bond, clock: Clock, warn: Warn) {
    this.#bond = bond;
    this.#clock = clock;
    this.#warn = warn;
  }

  /** Redis was reached. */
  joined(): void {
    this.#joined();
  }

  /** Begins, if that was not done yet. Rejects where no waiting can help. */
  begin(): Promise<void> {
    this.#ready ??= this.#open();
    return this.#ready;
  }

  /** The same for who waits for it: without Redis nothing else may keep a process that has yet to start. */
  ready(): Promise<void> {
    const sleepAgain = stayAwake(PATIENCE_MS);
    const ready = this.begin().finally(sleepAgain);
    // As with `begin`: whoever does not ask was told by a warning.
    ready.catch(() => undefined);
    return ready;
  }

  async close(): Promise<void> {
    this.#joined();
    if (this.#ready === undefined) this.#ready = Promise.resolve();
    else await this.#bond.close();
  }

  #open(): Promise<void> {
    const warn = this.#warn;
    const ready = new Promise<void>((resolve, reject) => {
      const stop = this.#clock.after(PATIENCE_MS, () => {
        warn(
          `Redis could not be reached within ${PATIENCE_MS} ms of the start. The cache works in this process alone, and joins the ` +
            'others when Redis is there.',
        );
        resolve();
      });
      this.#joined = () => {
        stop();
        resolve();
      };
      this.#bond.open().catch((error: unknown) => {
        stop();
        reject(error as Error);
      });
    });
    // Whoever does not ask whether it is ready is told by this alone.
    ready.catch((error: unknown) => warn(`Redis is not used: ${messageOf(error)}`));
    return ready;
  }
}
