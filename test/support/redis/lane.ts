import type { Socket } from 'node:net';

type Piece = Uint8Array | 'end';

/** One direction of a connection, in which everything keeps its order, however long each piece takes. */
export class Lane {
  readonly #to: Socket;
  readonly #waiting: { readonly piece: Piece; readonly due: number }[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(to: Socket) {
    this.#to = to;
    to.once('close', () => {
      clearTimeout(this.#timer);
      this.#waiting.length = 0;
    });
  }

  send(piece: Piece, delay: number): void {
    if (delay === 0 && this.#waiting.length === 0) {
      this.#deliver(piece);
      return;
    }
    this.#waiting.push({ piece, due: performance.now() + delay });
    this.#await();
  }

  #await(): void {
    const [next] = this.#waiting;
    if (next === undefined || this.#timer !== undefined) return;
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined;
        this.#deliverDue();
      },
      Math.max(0, Math.ceil(next.due - performance.now())),
    );
  }

  #deliverDue(): void {
    const now = performance.now();
    while (this.#waiting[0] !== undefined && this.#waiting[0].due <= now) {
      const next = this.#waiting.shift();
      if (next !== undefined) this.#deliver(next.piece);
    }
    this.#await();
  }

  #deliver(piece: Piece): void {
    if (this.#to.destroyed) return;
    if (piece === 'end') this.#to.end();
    else this.#to.write(piece);
  }
}
