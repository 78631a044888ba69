/** Keys whose loads fail, of which there should be few. */
const MOST_KEYS = 10_000;

/** Until when an old value is served without another load, where the entry that knew it may be gone. */
export class RetryTimes {
  readonly #instants = new Map<string, number>();

  note(key: string, instant: number): void {
    if (this.#instants.size >= MOST_KEYS) this.#instants.clear();
    this.#instants.set(key, instant);
  }

  of(key: string, now: number): number | undefined {
    if (this.#instants.size === 0) return undefined;
    const instant = this.#instants.get(key);
    if (instant !== undefined && instant <= now) this.#instants.delete(key);
    return instant;
  }
}
