import type { Outcome } from './outcome.js';

/** How many requests about one key are on their way. */
export interface Subject {
  requests: number;
}

/** How many requests are on their way, by the first of their keys. */
export class UnderWay {
  readonly #subjects = new Map<string, Subject>();

  subject(key: string): Subject {
    let subject = this.#subjects.get(key);
    if (subject === undefined) this.#subjects.set(key, (subject = { requests: 0 }));
    return subject;
  }

  has(key: string): boolean {
    return (this.#subjects.get(key)?.requests ?? 0) > 0;
  }
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** A request, from its sending until it is answered, or given up. */
export class Ask {
  readonly #subject: Subject;
  readonly #waiting: Waiting;
  readonly #asks: Set<Ask>;
  #isOpen = true;
  #isCounted = true;

  constructor(subject: Subject, waiting: Waiting, asks: Set<Ask>) {
    this.#subject = subject;
    this.#waiting = waiting;
    this.#asks = asks;
    subject.requests++;
    asks.add(this);
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Is waited for no longer, though it may be answered yet. */
  leave(): void {
    if (this.#isCounted) this.#subject.requests--;
    this.#isCounted = false;
  }

  answer(outcome: Outcome): void {
    if (this.#close()) outcome.tell(this.#waiting.resolve, this.#waiting.reject);
  }

  reject(error: Error): void {
    if (this.#close()) this.#waiting.reject(error);
  }

  #close(): boolean {
    if (!this.#isOpen) return false;
    this.#isOpen = false;
    this.leave();
    this.#asks.delete(this);
    return true;
  }
}
