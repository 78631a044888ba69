import type { Clock } from '../core/clock.js';
import type { Entry } from '../core/entry.js';
import type { Journal } from '../coherence/journal.js';
import type { Ledger } from '../coherence/ledger.js';

/** What taking into memory works with, where there is a tier behind it. */
export interface AdmissionParts {
  readonly clock: Clock;
  readonly journal: Journal;
  readonly detachedTtl: number;
  /** What else messages may call a key and its tags. */
  readonly digestsOf: (key: string, tags: readonly string[]) => readonly string[];
}

/** Takes entries into memory, unless an invalidation came since their load began. */
export class Admission {
  readonly #ledger: Ledger;
  readonly #parts: AdmissionParts | undefined;

  /** Without parts there is no tier behind memory, of which to be careful. */
  constructor(ledger: Ledger, parts?: AdmissionParts) {
    this.#ledger = ledger;
    this.#parts = parts;
  }

  /** By what an invalidation may cover a key: its tags, and what else messages may call them and itself. */
  namesOf(key: string, tags: readonly string[]): readonly string[] {
    const digests = this.#parts?.digestsOf(key, tags) ?? [];
    return digests.length === 0 ? tags : [...tags, ...digests];
  }

  /** Whether an invalidation later than `position` covers what a load or a look has brought. */
  isOutdated({ key, tags }: Entry, position: number): boolean {
    return this.#ledger.covers({ key, tags: this.namesOf(key, tags) }, position);
  }

  admit(entry: Entry): boolean {
    if (this.isOutdated(entry, entry.position)) return false;
    if (this.#parts !== undefined) this.#limit(entry, this.#parts);
    return this.#ledger.admitNew(entry);
  }

  /** While Redis cannot be told, others cannot be heard of either: nothing that was loaded meanwhile is kept for long. */
  #limit(entry: Entry, { clock, journal, detachedTtl }: AdmissionParts): void {
    if (journal.blocks(entry.key, entry.tags)) entry.limitTo(clock.now() + detachedTtl);
  }
}
