/** How often each thing happened, so that a test can tell that it did. */
export class Counters {
  readonly #times = new Map<string, number>();
  readonly #byKind = new Map<string, Map<string, number>>();

  count(what: string, times = 1): void {
    this.#times.set(what, (this.#times.get(what) ?? 0) + times);
  }

  /** As `count` of both with a blank between, but for the text that would have to be made each time. */
  countOf(kind: string, what: string): void {
    let times = this.#byKind.get(kind);
    if (times === undefined) this.#byKind.set(kind, (times = new Map()));
    times.set(what, (times.get(what) ?? 0) + 1);
  }

  add(others: Iterable<readonly [string, number]>): void {
    for (const [what, times] of others) this.count(what, times);
  }

  of(what: string): number {
    return this.#together().get(what) ?? 0;
  }

  /** In the order of the names. */
  all(): readonly (readonly [string, number])[] {
    return [...this.#together()].sort(([one], [other]) => (one < other ? -1 : 1));
  }

  #together(): ReadonlyMap<string, number> {
    const all = new Map(this.#times);
    for (const [kind, times] of this.#byKind) {
      for (const [what, count] of times) all.set(`${kind} ${what}`, (all.get(`${kind} ${what}`) ?? 0) + count);
    }
    return all;
  }
}
