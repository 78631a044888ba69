/** Owns the work that no caller waits for, so that a shutdown can wait for it. */
export class Drain {
  readonly #owed = new Set<Promise<unknown>>();
  #closed = false;

  /** False once the drain was closed: nothing new should be begun behind a caller's back. */
  get open(): boolean {
    return !this.#closed;
  }

  /** Takes charge of work already begun. How it ends is told by events; here it only has to end. */
  owe(work: Promise<unknown>): void {
    this.#owed.add(work);
    const forget = (): void => {
      this.#owed.delete(work);
    };
    work.then(forget, forget);
  }

  /** Lets nothing new begin, and resolves when all that has begun is over. */
  async close(): Promise<void> {
    this.#closed = true;
    while (this.#owed.size > 0) await Promise.allSettled(this.#owed);
  }
}
