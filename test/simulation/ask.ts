import type { Outcome } from './outcome.js';

/** How many requests about one entry are on their way. */
export interface Subject {
  requests: number;
}

/** How many requests are on their way, by the keys of the entries that they are about. */
export class UnderWay {
  readonly #subjects = new Map<string, Subject>();
  /** What the requests were about that were answered last, and when. */
  #answered: { readonly at: number; readonly subjects: Subject[] } = { at: Number.NaN, subjects: [] };

  /** Tags that only entries name are asked for in the moment in which these arrive, and for their sake. */
  subjects(keys: readonly string[], now: number): readonly Subject[] {
    const entries = keys.filter((key) => key.includes(':e:'));
    if (entries.length > 0) return entries.map((key) => this.#subject(key));
    return this.#answered.at === now && keys.some((key) => key.includes(':t:')) ? [...this.#answered.subjects] : [];
  }

  answered(subjects: readonly Subject[], now: number): void {
    if (this.#answered.at !== now) this.#answered = { at: now, subjects: [] };
    this.#answered.subjects.push(...subjects);
  }

  has(key: string): boolean {
    return (this.#subjects.get(key)?.requests ?? 0) > 0;
  }

  #subject(key: string): Subject {
    let subject = this.#subjects.get(key);
    if (subject === undefined) this.#subjects.set(key, (subject = { requests: 0 }));
    return subject;
  }
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** A request, from its sending until it is answered, or given up. */
export class Ask {
  readonly subjects: readonly Subject[];
  readonly #waiting: Waiting;
  readonly #asks: Set<Ask>;
  #isOpen = true;
  #isCounted = true;

  constructor(subjects: readonly Subject[], waiting: Waiting, asks: Set<Ask>) {
    this.subjects = subjects;
    this.#waiting = waiting;
    this.#asks = asks;
    for (const subject of subjects) subject.requests++;
    asks.add(this);
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Is waited for no longer, though it may be answered yet. */
  leave(): void {
    if (this.#isCounted) for (const subject of this.subjects) subject.requests--;
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
