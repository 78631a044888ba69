/** Why a process cannot rely on its data connection: something of its own, or a fault of the server's. */
export type Impairment = 'wire' | 'stall' | 'pause' | object;

/**
 * What a test knows of one process's way to one bucket: whether it was whole, from an instant until now. What was not is whole
 * again when a heartbeat was answered that was sent after the last impairment.
 */
export class DataPath {
  readonly #now: () => number;
  readonly #impairments = new Set<Impairment>();
  #isWhole = true;
  /** When the last impairment ended; what was sent before proves nothing. */
  #endedAt = Number.NEGATIVE_INFINITY;
  #wholeSince = Number.NEGATIVE_INFINITY;

  constructor(now: () => number) {
    this.#now = now;
  }

  begin(impairment: Impairment): void {
    this.#impairments.add(impairment);
    this.#isWhole = false;
  }

  end(impairment: Impairment): void {
    if (!this.#impairments.delete(impairment)) return;
    this.#endedAt = this.#now();
  }

  /** Something that is over at once. */
  touch(): void {
    this.#isWhole = false;
    this.#endedAt = this.#now();
  }

  heartbeat(sentAt: number): void {
    if (this.#isWhole || this.#impairments.size > 0 || sentAt < this.#endedAt) return;
    this.#isWhole = true;
    this.#wholeSince = this.#now();
  }

  wasWholeSince(instant: number): boolean {
    return this.#isWhole && this.#wholeSince < instant;
  }
}
