import { types } from 'node:util';
import type { Clock } from '../core/clock.js';
import type { FarTier } from '../policy/far-tier.js';
import { Breaker } from './breaker.js';

export interface GuardParts {
  readonly clock: Clock;
  /** Told once of each outage: by the first failure of it. */
  readonly onError: (during: string, error: unknown) => void;
}

/** How long an answer is waited for, in milliseconds. */
const LIMIT_MS = 500;
/** So many writes are on their way to one tier, and no more: what a slow one is not given is a miss. */
const MOST_WRITES = 64;

/**
 * Stands before a far tier: nothing that it does fails, delays for long, or hangs whoever asks. A tier that failed three times in a
 * row is left alone for a while.
 */
export class GuardedTier {
  readonly name: string;
  readonly #tier: FarTier;
  readonly #parts: GuardParts;
  readonly #breaker = new Breaker();
  #writes = 0;

  constructor(tier: FarTier, parts: GuardParts) {
    this.name = tier.name;
    this.#tier = tier;
    this.#parts = parts;
  }

  /** Undefined: it has nothing, or cannot be asked. */
  async get(key: string): Promise<Uint8Array | undefined> {
    return this.#ask('get', async () => {
      const bytes: unknown = await this.#tier.get(key);
      if (bytes === undefined || bytes === null || types.isUint8Array(bytes)) return bytes ?? undefined;
      throw new TypeError(`get() gave a ${typeof bytes} where bytes or undefined have to be`);
    });
  }

  set(key: string, bytes: Uint8Array, ttlMs: number): Promise<void> {
    return this.#write('set', () => this.#tier.set(key, bytes, ttlMs));
  }

  delete(key: string): Promise<void> {
    return this.#write('delete', () => this.#tier.delete(key));
  }

  async #write(during: string, write: () => Promise<void>): Promise<void> {
    if (this.#writes >= MOST_WRITES) return;
    this.#writes++;
    await this.#ask(during, async () => write());
    this.#writes--;
  }

  /** What comes late is ignored, whatever it is. */
  #ask<T>(during: string, ask: () => Promise<T>): Promise<T | undefined> {
    const { clock } = this.#parts;
    const attempt = this.#breaker.enter(clock.now());
    if (attempt === undefined) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const fail = (error: unknown): void => {
        stop();
        resolve(undefined);
        if (this.#breaker.failed(attempt, clock.now())) this.#parts.onError(`${this.name} ${during}`, error);
      };
      const stop = clock.after(LIMIT_MS, () => {
        isLate = true;
        fail(new Error(`the tier '${this.name}' did not answer within ${LIMIT_MS} ms`));
      });
      let isLate = false;
      ask().then(
        (answer) => {
          if (isLate) return;
          stop();
          this.#breaker.succeeded(attempt);
          resolve(answer);
        },
        (error: unknown) => {
          if (!isLate) fail(error);
        },
      );
    });
  }
}
