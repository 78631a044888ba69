import type { Key } from './catalogue.js';

interface OpenCall {
  readonly what: string;
  readonly key: Key | undefined;
  readonly at: number;
  /** How long its process had been paused altogether when it began. */
  readonly pausedBefore: number;
}

/** The calls of one process that are not over. None may last for ever, nor much longer than what it waits for. */
export class OpenCalls {
  readonly #open = new Set<OpenCall>();
  readonly #now: () => number;
  #pausedSince: number | undefined;
  #paused = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  pause(): void {
    this.#pausedSince ??= this.#now();
  }

  resume(): void {
    this.#paused = this.#pausedMs;
    this.#pausedSince = undefined;
  }

  /** The answer tells how long the call took, pauses of the process left out. */
  begin(what: string, key?: Key): () => number {
    const call: OpenCall = { what, key, at: this.#now(), pausedBefore: this.#pausedMs };
    this.#open.add(call);
    return () => {
      this.#open.delete(call);
      return this.#now() - call.at - (this.#pausedMs - call.pausedBefore);
    };
  }

  isOpen(key: Key): boolean {
    return this.openSince(key) !== undefined;
  }

  /** When the oldest one that is still open for a key began. */
  openSince(key: Key): number | undefined {
    for (const call of this.#open) if (call.key === key) return call.at;
    return undefined;
  }

  get all(): readonly string[] {
    return [...this.#open].map(({ what, at }) => `${what} of ${at.toFixed(1)}`);
  }

  get #pausedMs(): number {
    return this.#paused + (this.#pausedSince === undefined ? 0 : this.#now() - this.#pausedSince);
  }
}
