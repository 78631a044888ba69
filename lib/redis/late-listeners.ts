import type { Cancel, Clock } from '../core/clock.js';

/** What was invalidated: keys or tags by their names, or everything. */
export type Told =
  | { readonly kind: 'key' | 'tag'; readonly names: readonly string[] }
  | { readonly kind: 'all'; readonly names: readonly [''] };

export interface LateListenersParts {
  readonly clock: Clock;
  /** X, in milliseconds: by then everybody listens who can. */
  readonly bound: number;
  readonly announce: (told: Told) => Promise<unknown>;
  readonly onError: (during: string, error: unknown) => void;
}

/** Names that are remembered one by one, and said at once. */
const MOST_NAMES = 1_000;

/**
 * Where Redis was away from everybody, the first who is back tells it what he owes while the others do not listen yet. They know
 * then that they missed something, and not what. What is told soon after a return is therefore announced once more, when all are
 * back: that changes nothing in Redis, and in their memory what is old.
 */
export class LateListeners {
  readonly #parts: LateListenersParts;
  readonly #told = { key: new Set<string>(), tag: new Set<string>() };
  readonly #startedAt: number;
  #isEverything = false;
  #until = Number.NEGATIVE_INFINITY;
  #stopTimer: Cancel | undefined;

  constructor(parts: LateListenersParts) {
    this.#parts = parts;
    this.#startedAt = parts.clock.now();
  }

  /** Redis is there. At the start of this process alone the others listen already. */
  returned(): void {
    const { clock, bound } = this.#parts;
    const now = clock.now();
    if (now - this.#startedAt >= bound) this.#until = now + bound;
  }

  told({ kind, names }: Told): void {
    if (this.#parts.clock.now() >= this.#until) return;
    if (kind === 'all') this.#isEverything = true;
    else for (const name of names) this.#told[kind].add(name);
    if (this.#told.key.size > MOST_NAMES || this.#told.tag.size > MOST_NAMES) this.#isEverything = true;
    this.#schedule();
  }

  stop(): void {
    this.#stopTimer?.();
    this.#until = Number.NEGATIVE_INFINITY;
  }

  #schedule(): void {
    const { clock } = this.#parts;
    this.#stopTimer ??= clock.after(this.#until - clock.now(), () => void this.#announce());
  }

  async #announce(): Promise<void> {
    const { announce, onError } = this.#parts;
    const told: readonly Told[] = this.#isEverything
      ? [{ kind: 'all', names: [''] }]
      : (['key', 'tag'] as const).map((kind) => ({ kind, names: [...this.#told[kind]] }));
    this.#stopTimer = undefined;
    this.#isEverything = false;
    for (const names of Object.values(this.#told)) names.clear();
    try {
      await Promise.all(told.filter(({ names }) => names.length > 0).map((some) => announce(some)));
    } catch (error) {
      // Who did not hear it stays in the regime of an outage until its end.
      onError('redis announcement', error);
    }
  }
}
