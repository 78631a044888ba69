import type { Entry } from '../core/entry.js';
import type { NearTier } from './near-tier.js';

/** In place of memory where there is to be none: lets go of every entry at once. */
export class NoMemoryTier implements NearTier {
  readonly name = 'memory';
  readonly entries = 0;
  readonly bytes = undefined;

  get(): undefined {
    return undefined;
  }

  use(): boolean {
    return false;
  }

  set(): void {
    // Nothing is held.
  }

  delete(): void {
    // Nothing is held.
  }

  clear(): void {
    // Nothing is held.
  }

  *each(): IterableIterator<Entry> {
    // Nothing is held.
  }
}
