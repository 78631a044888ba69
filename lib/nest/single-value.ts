import { Observable, type Subscriber } from 'rxjs';
import type { Clock } from '../core/clock.js';

/** Milliseconds after its first value within which an Observable of one value ends; one that goes on is passed on as it comes. */
const GRACE_MS = 100;

/** What an Observable came to: the one value it emitted, or that there were none, several, or no end. */
export type Emission = { readonly single: unknown } | { readonly passedOn: Observable<unknown> };

/** Waits until it is clear whether an Observable emits exactly one value and completes. Subscribes once, and loses nothing. */
export function watch(source: Observable<unknown>, clock: Clock, signal: AbortSignal): Promise<Emission> {
  return new Promise((resolve, reject) => new Watch({ source, clock, signal }, { resolve, reject }));
}

interface Watched {
  readonly source: Observable<unknown>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

interface Verdict {
  resolve(emission: Emission): void;
  reject(error: unknown): void;
}

class Watch {
  #values: unknown[] = [];
  #end: { readonly error?: unknown } | undefined;
  #isDecided = false;
  #reader: Subscriber<unknown> | undefined;
  readonly #verdict: Verdict;
  readonly #clock: Clock;
  #stopTimer: () => void = () => undefined;
  #leave: () => void = () => undefined;

  constructor({ source, clock, signal }: Watched, verdict: Verdict) {
    this.#verdict = verdict;
    this.#clock = clock;
    const subscription = source.subscribe({
      next: (value) => this.#next(value),
      error: (error: unknown) => this.#error(error),
      complete: () => this.#complete(),
    });
    this.#leave = () => subscription.unsubscribe();
    // A load that was given up has nobody left to emit to, unless it was passed on before.
    signal.addEventListener('abort', () => {
      if (this.#reader === undefined) this.#leave();
    });
  }

  #next(value: unknown): void {
    if (this.#reader !== undefined) return this.#reader.next(value);
    this.#values.push(value);
    if (this.#isDecided) return;
    if (this.#values.length > 1) this.#passOn();
    else this.#stopTimer = this.#clock.after(GRACE_MS, () => this.#passOn());
  }

  #error(error: unknown): void {
    this.#stopTimer();
    if (this.#reader !== undefined) return this.#reader.error(error);
    if (this.#isDecided || this.#values.length > 0) {
      this.#end = { error };
      this.#passOn();
    } else this.#decide(() => this.#verdict.reject(error));
  }

  #complete(): void {
    this.#stopTimer();
    if (this.#reader !== undefined) return this.#reader.complete();
    this.#end = {};
    if (this.#values.length === 1) this.#decide(() => this.#verdict.resolve({ single: this.#values[0] }));
    else this.#passOn();
  }

  #passOn(): void {
    this.#stopTimer();
    const passedOn = new Observable<unknown>((reader) => this.#readBy(reader));
    this.#decide(() => this.#verdict.resolve({ passedOn }));
  }

  #decide(tell: () => void): void {
    if (this.#isDecided) return;
    this.#isDecided = true;
    tell();
  }

  /** What was held back first, then what comes. */
  #readBy(reader: Subscriber<unknown>): () => void {
    for (const value of this.#values) reader.next(value);
    this.#values = [];
    this.#reader = reader;
    if (this.#end !== undefined && 'error' in this.#end) reader.error(this.#end.error);
    else if (this.#end !== undefined) reader.complete();
    return () => this.#leave();
  }
}
