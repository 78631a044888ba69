/** How often each thing happened, so that a test can tell that it did. */
export class Counters {
  readonly #times = new Map<string, number>();

  count(what: string, times = 1): void {
    this.#times.set(what, (this.#times.get(what) ?? 0) + times);
  }

  add(others: Iterable<readonly [string, number]>): void {
    for (const [what, times] of others) this.count(what, times);
  }

  of(what: string): number {
    return this.#times.get(what) ?? 0;
  }

  /** In the order of the names. */
  all(): readonly (readonly [string, number])[] {
    return [...this.#times].sort(([one], [other]) => (one < other ? -1 : 1));
  }
}
