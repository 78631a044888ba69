/** Why a process cannot rely on its data connection: something of its own, or a fault of the server's. */
export type Impairment = 'wire' | 'stall' | 'pause' | object;

/**
 * What a test knows of one process's way to Redis: whether it was whole, from an instant until now. What was not is whole
 * again when a heartbeat of each bucket was answered that was sent after the last impairment.
 */
export class DataPath {
  readonly #buckets: number;
  readonly #now: () => number;
  readonly #impairments = new Set<Impairment>();
  readonly #proven = new Set<string>();
  #isWhole = true;
  /** When the last impairment ended; what was sent before proves nothing. */
  #endedAt = Number.NEGATIVE_INFINITY;
  #wholeSince = Number.NEGATIVE_INFINITY;

  constructor(buckets: number, now: () => number) {
    this.#buckets = buckets;
    this.#now = now;
  }

  begin(impairment: Impairment): void {
    this.#impairments.add(impairment);
    this.#isWhole = false;
    this.#proven.clear();
  }

  end(impairment: Impairment): void {
    if (!this.#impairments.delete(impairment)) return;
    this.#endedAt = this.#now();
    this.#proven.clear();
  }

  /** Something that is over at once. */
  touch(): void {
    this.#isWhole = false;
    this.#endedAt = this.#now();
    this.#proven.clear();
  }

  heartbeat(bucket: string, sentAt: number): void {
    if (this.#isWhole || this.#impairments.size > 0 || sentAt < this.#endedAt) return;
    this.#proven.add(bucket);
    if (this.#proven.size < this.#buckets) return;
    this.#isWhole = true;
    this.#wholeSince = this.#now();
  }

  wasWholeSince(instant: number): boolean {
    return this.#isWhole && this.#wholeSince < instant;
  }
}
