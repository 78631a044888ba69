import type { Invalidation } from './message-codec.js';

/** A place in the order of a bucket's invalidations; numbers of another stream compare with nothing. */
export interface Position {
  /** The stream's id. */
  readonly sid: string;
  /** The number of its last invalidation. */
  readonly n: number;
}

/** Is told what follows from what a stream brings. */
export interface StreamListener {
  /** An invalidation that this process did not make itself. */
  apply(invalidation: Invalidation): void;
  /** Something may have been missed: what was known before is not proven any more. */
  lost(): void;
  /** What is published does not fit what is known: the position should be read anew. */
  doubt(): void;
  /** What is published does not arrive. */
  deaf(): void;
}

interface Ahead {
  readonly n: number;
  readonly sentAt: number;
}

/** Positions ahead of what was heard that are remembered one by one. */
const MOST_AHEAD = 64;
/** Own numbers that are remembered until what was published before them has arrived. */
const MOST_OWN = 10_000;

/**
 * What one bucket's invalidations have come to in this process: the stream, the last number applied, and until when both are
 * known to be up to date.
 *
 * Only what is read on the data path decides where the stream stands. What is published may be late, lost, doubled or forged:
 * it can remove, and it can raise doubts.
 */
export class Stream {
  readonly #bound: number;
  readonly #listener: StreamListener;
  #sid = '';
  #last = 0;
  /** When a message, which proves nothing, last raised the number. */
  #raisedAt = Number.NEGATIVE_INFINITY;
  /** Since when the channel is heard anew, until a number read after that was confirmed. */
  #rejoinedAt: number | undefined = Number.NEGATIVE_INFINITY;
  readonly #ahead: Ahead[] = [];
  readonly #own = new Set<number>();
  #until = Number.NEGATIVE_INFINITY;

  /** `bound` is how long a confirmed position may be relied on, in milliseconds. */
  constructor(bound: number, listener: StreamListener) {
    this.#bound = bound;
    this.#listener = listener;
  }

  /** Until then every invalidation acknowledged one bound before has been applied. */
  get until(): number {
    return this.#until;
  }

  /** A reply on the data path held this position; its request was sent at `sentAt`. */
  saw({ sid, n }: Position, sentAt: number, now: number): void {
    if (sid !== this.#sid) this.#restart({ sid, n });
    // Numbers never go down: what was known when the request was sent must have been in the reply.
    else if (n < this.#last && sentAt > this.#raisedAt) this.#restart({ sid, n });
    else if (n > this.#last && this.#isHopeless(now)) this.#miss(n);
    if (n <= this.#last) this.#confirm(sentAt);
    else if (this.#ahead.length < MOST_AHEAD) this.#ahead.push({ n, sentAt });
  }

  /** Something was published. */
  heard(invalidation: Invalidation, now: number): void {
    const { sid, n } = invalidation;
    if (sid !== this.#sid) return this.#listener.doubt();
    if (n <= this.#last) return;
    if (n > this.#last + 1) this.#listener.lost();
    this.#last = n;
    this.#raisedAt = now;
    if (!this.#own.delete(n)) this.#listener.apply(invalidation);
    this.#passOwn();
  }

  /** The invalidations up to `n`, so many of them, were made here, where they took effect before they were sent. */
  told({ sid, n }: Position, count: number): void {
    if (sid !== this.#sid) return;
    if (this.#own.size + count > MOST_OWN) this.#own.clear();
    for (let own = Math.max(this.#last, n - count) + 1; own <= n; own++) this.#own.add(own);
    this.#passOwn();
  }

  /** The channel is heard anew: between the last message and the next one some may be missing. */
  rejoined(now: number): void {
    this.#rejoinedAt = now;
  }

  /** Either nobody publishes to us, or it takes longer than the bound. */
  #isHopeless(now: number): boolean {
    if (this.#rejoinedAt !== undefined) return true;
    const [oldest] = this.#ahead;
    if (oldest === undefined || now - oldest.sentAt <= this.#bound) return false;
    this.#listener.deaf();
    return true;
  }

  #restart({ sid, n }: Position): void {
    this.#sid = sid;
    this.#own.clear();
    this.#until = Number.NEGATIVE_INFINITY;
    this.#miss(n);
  }

  #miss(n: number): void {
    this.#last = n;
    this.#raisedAt = Number.NEGATIVE_INFINITY;
    this.#rejoinedAt = undefined;
    this.#ahead.length = 0;
    this.#listener.lost();
  }

  #passOwn(): void {
    while (this.#own.delete(this.#last + 1)) this.#last++;
    while (this.#ahead[0] !== undefined && this.#ahead[0].n <= this.#last) {
      const { sentAt } = this.#ahead.shift() as Ahead;
      this.#confirm(sentAt);
    }
  }

  #confirm(sentAt: number): void {
    if (this.#rejoinedAt !== undefined && sentAt >= this.#rejoinedAt) this.#rejoinedAt = undefined;
    this.#until = Math.max(this.#until, sentAt + this.#bound);
  }
}
