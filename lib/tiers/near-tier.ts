import type { Entry } from '../core/entry.js';
import type { EvictionCause } from '../core/observer.js';

/**
 * Holds entries in this process, synchronously. It judges nothing: age and invalidation are the engine's to decide.
 * It may let go of an entry at any time, and says so; an entry that it was told to delete must be gone.
 */
export interface NearTier {
  /** As `stats`, `lookup` and observers name it. */
  readonly name: string;
  /** How many entries it holds. */
  readonly entries: number;
  /** How many bytes it holds, or undefined where it does not count them. */
  readonly bytes: number | undefined;
  /** The entry under `key`; a use of it, for a tier that lets go of what is used least. */
  get(key: string): Entry | undefined;
  /** Whether it still holds this very entry; if so, that is a use of it, as by `get`. */
  use(entry: Entry): boolean;
  /** Stores an entry under its key, in place of the one that was there. */
  set(entry: Entry): void;
  /** Removes the entry under `key`, if there is one. */
  delete(key: string): void;
  /** Removes every entry. */
  clear(): void;
  /**
   * Walks over the entries at the caller's pace. Whatever is read, stored or deleted between two steps, every entry that
   * is there from the first step to the last is met at least once.
   */
  each(): IterableIterator<Entry>;
}

/** Is told of every entry that a near tier lets go of by itself. */
export type OnEvict = (entry: Entry, cause: EvictionCause) => void;
