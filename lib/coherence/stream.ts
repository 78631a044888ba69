import type { Invalidation } from './message-codec.js';

/** A place in the order of a bucket's invalidations; numbers of another stream compare with nothing. */
export interface Position {
  /** The stream's id. */
  readonly sid: string;
  /** The number of its last invalidation. */
  readonly n: number;
}

/** What may have been missed: some of a stream that goes on, or whatever made another begin, on a server that may know less. */
export type StreamLoss = 'a part' | 'the end';

/** Is told what follows from what a stream brings. */
export interface StreamListener {
  /** An invalidation that this process did not make itself. */
  apply(invalidation: Invalidation): void;
  /** Something may have been missed: what was known before is not proven any more. */
  lost(loss: StreamLoss): void;
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
/** Own announcements that are remembered until they arrive. */
const MOST_OWN = 10_000;
/** Numbers that were heard, and not confirmed yet, which are remembered one by one. */
const MOST_RAISES = 256;

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
  /** Where messages, which prove nothing, have raised the number to, and when. */
  readonly #raises: { readonly n: number; readonly at: number }[] = [];
  /** Since when the channel is heard anew, until a number read after that was confirmed. */
  #rejoinedAt: number | undefined = Number.NEGATIVE_INFINITY;
  readonly #ahead: Ahead[] = [];
  /** What was announced here, and how often that is yet to be heard. */
  readonly #own = new Map<string, number>();
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
    // Numbers never go down: what was heard before the request was sent must be in the reply, if it was true.
    else if (n < this.#heardBefore(sentAt)) this.#restart({ sid, n });
    else if (n > this.#last && this.#isHopeless(now)) this.#miss(n, 'a part');
    while (this.#raises[0] !== undefined && this.#raises[0].n <= n) this.#raises.shift();
    if (n <= this.#last) this.#confirm(sentAt);
    else if (this.#ahead.length < MOST_AHEAD) this.#ahead.push({ n, sentAt });
  }

  /**
   * Something was published. What is not news is applied all the same: somebody may have used its number before; and so is what
   * belongs to another stream, which may be the one that has just begun.
   */
  heard(invalidation: Invalidation, now: number): void {
    if (invalidation.sid === this.#sid) this.#follow(invalidation.n, now);
    else this.#listener.doubt();
    if (!this.#isOwn(invalidation.nonce)) this.#listener.apply(invalidation);
    this.#passAhead();
  }

  /** So many invalidations are about to be published from here, where they take effect before that. */
  announce(nonce: string, count: number): void {
    const [oldest] = this.#own.keys();
    if (this.#own.size >= MOST_OWN && oldest !== undefined) this.#own.delete(oldest);
    this.#own.set(nonce, count);
  }

  /** The channel is heard anew: between the last message and the next one some may be missing. */
  rejoined(now: number): void {
    this.#rejoinedAt = now;
  }

  #follow(n: number, now: number): void {
    if (n > this.#last + 1) this.#listener.lost('a part');
    if (n > this.#last) this.#raise(n, now);
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
    this.#until = Number.NEGATIVE_INFINITY;
    this.#miss(n, 'the end');
  }

  #miss(n: number, loss: StreamLoss): void {
    this.#last = n;
    this.#raises.length = 0;
    this.#rejoinedAt = undefined;
    this.#ahead.length = 0;
    this.#listener.lost(loss);
  }

  #heardBefore(instant: number): number {
    let heard = 0;
    for (const { n, at } of this.#raises) if (at < instant) heard = n;
    return heard;
  }

  #raise(n: number, at: number): void {
    this.#last = n;
    if (this.#raises.length >= MOST_RAISES) this.#raises.pop();
    this.#raises.push({ n, at });
  }

  #isOwn(nonce: string): boolean {
    const left = this.#own.get(nonce);
    if (left === undefined) return false;
    if (left > 1) this.#own.set(nonce, left - 1);
    else this.#own.delete(nonce);
    return true;
  }

  #passAhead(): void {
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
