import type { Clock } from '../core/clock.js';
import { RedisLinkError } from './link-error.js';

const QUIET_MS = 60_000;
/** Texts that differ each time must not fill the memory of who remembers them. */
const MOST_TEXTS = 100;

/** Tells each failure once a minute: a connection that cannot be made fails again and again. */
export class Complaints {
  readonly #clock: Clock;
  readonly #tell: (error: Error) => void;
  readonly #told = new Map<string, number>();

  constructor(clock: Clock, tell: (error: Error) => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  add(thrown: unknown): void {
    const error = RedisLinkError.of(thrown);
    const now = this.#clock.now();
    const before = this.#told.get(error.message);
    if (before !== undefined && now - before < QUIET_MS) return;
    if (this.#told.size >= MOST_TEXTS) this.#told.clear();
    this.#told.set(error.message, now);
    this.#tell(error);
  }
}
