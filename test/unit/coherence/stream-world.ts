import type { Invalidation } from '../../../lib/coherence/message-codec.js';
import { type Position, Stream } from '../../../lib/coherence/stream.js';

/** X of these worlds, in milliseconds. */
export const BOUND = 2_000;

export const sidOf = (number: number): string => `${String(number).padStart(16, '1')}-${'s'.repeat(15)}`;
const nonceOf = (number: number): string => String(number).padStart(15, 'n');

/** One that took effect on the server. */
interface Published {
  readonly invalidation: Invalidation;
  readonly at: number;
  /** Whether this process applied it, made it itself, or knows that it may have missed it. */
  isKnown: boolean;
}

interface Asked {
  readonly sentAt: number;
  /** What it read, once it has reached the server. */
  position: Position | undefined;
}

/** A server that numbers invalidations, the ways to and from it, and a stream that hears of them. */
export class StreamWorld {
  now = 0;
  doubts = 0;
  losses = 0;
  deafs = 0;
  readonly applied: Invalidation[] = [];
  readonly stream: Stream;
  readonly published: Published[] = [];
  /** On their way to this process. */
  readonly messages: Published[] = [];
  #asked: Asked[] = [];
  #sid = 1;
  #n = 0;
  #nonces = 0;

  constructor() {
    this.stream = new Stream(BOUND, {
      apply: (invalidation) => {
        this.applied.push(invalidation);
        for (const one of this.published) if (one.invalidation.nonce === invalidation.nonce) one.isKnown = true;
      },
      lost: () => {
        this.losses++;
        for (const one of this.published) one.isKnown = true;
      },
      doubt: () => void this.doubts++,
      deaf: () => void this.deafs++,
    });
  }

  get position(): Position {
    return { sid: sidOf(this.#sid), n: this.#n };
  }

  /** Somebody invalidates something: this process, or another. */
  invalidate(who: 'self' | 'other'): void {
    const nonce = nonceOf(this.#nonces++);
    if (who === 'self') this.stream.announce(nonce, 1);
    this.#n++;
    const invalidation: Invalidation = { kind: 'key', ...this.position, nonce, name: `k:${nonce}` };
    const published = { invalidation, at: this.now, isKnown: who === 'self' };
    this.published.push(published);
    this.messages.push(published);
  }

  /** Another server, or one that lost its state. Nothing that was asked is answered. */
  restart(): void {
    this.#sid++;
    this.#n = 0;
    this.#asked = [];
  }

  /** A request is sent, reaches the server, and is answered; each in its order. */
  ask(): void {
    this.#asked.push({ sentAt: this.now, position: undefined });
  }

  reach(): void {
    const next = this.#asked.find(({ position }) => position === undefined);
    if (next !== undefined) next.position = this.position;
  }

  answer(): void {
    const [first] = this.#asked;
    if (first?.position === undefined) return;
    this.#asked.shift();
    this.stream.saw(first.position, first.sentAt, this.now);
  }

  read(): void {
    this.ask();
    while (this.#asked.length > 0) {
      this.reach();
      this.answer();
    }
  }

  /** One of the messages on their way arrives, the first unless it is overtaken. */
  deliver(index = 0): void {
    const [message] = this.messages.splice(index % Math.max(1, this.messages.length), 1);
    if (message !== undefined) this.stream.heard(message.invalidation, this.now);
  }

  lose(index: number): void {
    this.messages.splice(index % Math.max(1, this.messages.length), 1);
  }

  /** One that arrived, or did not, arrives. */
  double(index: number): void {
    const again = this.published[index % Math.max(1, this.published.length)];
    if (again !== undefined) this.stream.heard(again.invalidation, this.now);
  }

  /** Anybody may publish anything. */
  forge(ahead: number, stream: 'this' | 'another'): void {
    const sid = stream === 'this' ? sidOf(this.#sid) : sidOf(this.#sid + 1_000);
    const n = Math.max(0, this.#n + ahead);
    this.stream.heard({ kind: 'tag', sid, n, nonce: 'f'.repeat(15), name: 'k:forged' }, this.now);
  }

  /** What took effect before an instant, and is not known here. */
  unknownBefore(instant: number): readonly Published[] {
    return this.published.filter(({ at, isKnown }) => at < instant && !isKnown);
  }
}
