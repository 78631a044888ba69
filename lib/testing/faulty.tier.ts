import type { FarTier } from '../policy/far-tier.js';

/** A far tier that fails or hangs when a test says so. Else it is a good one, in memory, or the one it is made around. */
export class FaultyTier implements FarTier {
  /** As the tier it is made around. */
  readonly name: string;
  readonly #tier: FarTier;
  #state: { readonly kind: 'well' | 'hanging' } | { readonly kind: 'failing'; readonly error: Error } = WELL;

  /** Around another tier, or, with a name or without, around one in memory that keeps everything. Default name: `'faulty'`. */
  constructor(tier: FarTier | string = 'faulty') {
    this.#tier = typeof tier === 'string' ? new KeptInMemory(tier) : tier;
    this.name = this.#tier.name;
  }

  /** From now on everything that is asked rejects. */
  fail(error: Error = new Error(`the tier '${this.name}' fails, as it was told to`)): void {
    this.#state = { kind: 'failing', error };
  }

  /** From now on nothing that is asked is ever answered. */
  hang(): void {
    this.#state = HANGING;
  }

  /** From now on all is well. What hangs already is not answered any more. */
  heal(): void {
    this.#state = WELL;
  }

  /** As of any far tier. */
  get(key: string): Promise<Uint8Array | undefined> {
    return this.#do(() => this.#tier.get(key));
  }

  /** As of any far tier. */
  set(key: string, bytes: Uint8Array, ttlMs: number): Promise<void> {
    return this.#do(() => this.#tier.set(key, bytes, ttlMs));
  }

  /** As of any far tier. */
  delete(key: string): Promise<void> {
    return this.#do(() => this.#tier.delete(key));
  }

  #do<T>(ask: () => Promise<T>): Promise<T> {
    if (this.#state.kind === 'failing') return Promise.reject(this.#state.error);
    if (this.#state.kind === 'hanging') return new Promise(() => undefined);
    return ask();
  }
}

const WELL = { kind: 'well' } as const;
const HANGING = { kind: 'hanging' } as const;

class KeptInMemory implements FarTier {
  readonly name: string;
  readonly #kept = new Map<string, Uint8Array>();

  constructor(name: string) {
    this.name = name;
  }

  get(key: string): Promise<Uint8Array | undefined> {
    return Promise.resolve(this.#kept.get(key));
  }

  set(key: string, bytes: Uint8Array): Promise<void> {
    this.#kept.set(key, Uint8Array.from(bytes));
    return Promise.resolve();
  }

  delete(key: string): Promise<void> {
    this.#kept.delete(key);
    return Promise.resolve();
  }
}
