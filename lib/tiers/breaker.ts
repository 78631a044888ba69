/** So many failures in a row, and it opens. */
const MOST_FAILURES = 3;
const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 30_000;

/** One request that was let through. */
export interface Attempt {
  readonly sentAt: number;
}

/** Keeps requests from who does not answer: for a second at first, then for longer and longer, with one request as a probe in between. */
export class Breaker {
  #failures = 0;
  #lastFailure = Number.NEGATIVE_INFINITY;
  #pause = FIRST_PAUSE;
  #closedUntil = Number.NEGATIVE_INFINITY;
  #probe: Attempt | undefined;

  /** Undefined: not now. */
  enter(now: number): Attempt | undefined {
    const attempt = { sentAt: now };
    if (this.#failures < MOST_FAILURES) return attempt;
    if (this.#probe !== undefined || now < this.#closedUntil) return undefined;
    this.#probe = attempt;
    return attempt;
  }

  /** Says nothing where it was sent before the last failure was known. */
  succeeded(attempt: Attempt): void {
    if (this.#probe === attempt) this.#probe = undefined;
    if (attempt.sentAt < this.#lastFailure) return;
    this.#failures = 0;
    this.#pause = FIRST_PAUSE;
  }

  /** Whether this is the beginning of an outage. Says nothing new where it was sent before the last failure was known. */
  failed(attempt: Attempt, now: number): boolean {
    if (this.#probe === attempt) this.#probe = undefined;
    if (attempt.sentAt < this.#lastFailure) return false;
    this.#lastFailure = now;
    this.#failures++;
    if (this.#failures >= MOST_FAILURES) {
      this.#closedUntil = now + this.#pause;
      this.#pause = Math.min(2 * this.#pause, LONGEST_PAUSE);
    }
    return this.#failures === 1;
  }
}
