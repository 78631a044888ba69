import type { Socket } from 'node:net';
import type { Cancel, Clock } from '../../core/clock.js';

type Piece = Uint8Array | 'end';

/** What goes to one side of a connection, in which everything keeps its order, however long each piece takes. */
export class Lane {
  readonly #to: Socket;
  readonly #clock: Clock;
  readonly #waiting: { readonly piece: Piece; readonly due: number }[] = [];
  #cancel: Cancel | undefined;

  constructor(to: Socket, clock: Clock) {
    this.#to = to;
    this.#clock = clock;
    to.once('close', () => {
      this.#cancel?.();
      this.#waiting.length = 0;
    });
  }

  /** Delivers it after a delay, in milliseconds, and after all that was sent before. */
  send(piece: Piece, delay: number): void {
    if (delay === 0 && this.#waiting.length === 0) {
      this.#deliver(piece);
      return;
    }
    this.#waiting.push({ piece, due: this.#clock.now() + delay });
    this.#await();
  }

  /** Delivers at once what is on its way. */
  hurry(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    for (const { piece } of this.#waiting.splice(0)) this.#deliver(piece);
  }

  #await(): void {
    const [next] = this.#waiting;
    if (next === undefined || this.#cancel !== undefined) return;
    this.#cancel = this.#clock.after(Math.max(0, Math.ceil(next.due - this.#clock.now())), () => {
      this.#cancel = undefined;
      this.#deliverDue();
    });
  }

  #deliverDue(): void {
    const now = this.#clock.now();
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
