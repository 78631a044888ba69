import type { Clock } from '../core/clock.js';
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
  readonly #ready: Promise<void>;
  #joined: () => void = () => undefined;

  /** Begins at once. */
  constructor(bond: Bond, clock: Clock, warn: Warn) {
    this.#bond = bond;
    this.#ready = new Promise((resolve, reject) => {
      const stop = clock.after(PATIENCE_MS, () => {
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
      bond.open().catch((error: unknown) => {
        stop();
        reject(error as Error);
      });
    });
    // Whoever does not ask whether it is ready is told by the warnings of what fails later.
    this.#ready.catch((error: unknown) =>
      warn(`Redis is not used: ${error instanceof Error ? error.message : 'it failed'}`),
    );
  }

  /** Redis was reached. */
  joined(): void {
    this.#joined();
  }

  /** Rejects where no waiting can help. */
  ready(): Promise<void> {
    return this.#ready;
  }

  async close(): Promise<void> {
    this.#joined();
    await this.#bond.close();
  }
}
