/** How much the clocks of two machines may drift apart: 200 millionths. */
const DRIFT = 200 / 1_000_000;

interface Reading {
  readonly offset: number;
  readonly uncertainty: number;
  readonly at: number;
}

/**
 * What the clock of the Redis server shows, told from what it showed last. The reading with the shortest round trip is the
 * best one, until so much time has gone by that the clocks may have drifted apart by more.
 */
export class ServerClock {
  #server = '';
  #best: Reading | undefined;

  /** Whether the clock of this server was ever read. */
  knows(server: string): boolean {
    return this.#best !== undefined && server === this.#server;
  }

  /** The server's time was read between two instants of our own clock. */
  note(server: string, serverMs: number, { sentAt, receivedAt }: { sentAt: number; receivedAt: number }): void {
    const reading = {
      offset: serverMs - (sentAt + receivedAt) / 2,
      uncertainty: (receivedAt - sentAt) / 2,
      at: receivedAt,
    };
    if (server !== this.#server || reading.uncertainty <= this.#uncertaintyAt(receivedAt)) this.#best = reading;
    this.#server = server;
  }

  /** An instant of the server's clock, in milliseconds, as one of ours. */
  toLocal(serverMs: number): number {
    return serverMs - this.#offset;
  }

  toServer(localMs: number): number {
    return localMs + this.#offset;
  }

  get #offset(): number {
    return this.#best?.offset ?? 0;
  }

  /** How far off it may be. */
  #uncertaintyAt(now: number): number {
    if (this.#best === undefined) return Number.POSITIVE_INFINITY;
    return this.#best.uncertainty + (now - this.#best.at) * DRIFT;
  }
}
