import type { Clock } from '../core/clock.js';
import type { Entry } from '../core/entry.js';
import type { Journal } from '../coherence/journal.js';
import type { Ledger } from '../coherence/ledger.js';

/** What taking into memory works with, where there is a tier behind it. */
export interface AdmissionParts {
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly journal: Journal;
  readonly detachedTtl: number;
  /** Is told of every key and tag that memory takes in. */
  readonly learn: (text: string) => void;
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

  admit(entry: Entry): boolean {
    if (this.#parts !== undefined) this.#prepare(entry, this.#parts);
    return this.#ledger.admitNew(entry);
  }

  /** What Redis cannot be told of, others cannot be heard of either: nothing that was loaded meanwhile is kept for long. */
  #prepare(entry: Entry, { clock, journal, detachedTtl, learn }: AdmissionParts): void {
    learn(entry.key);
    for (const tag of entry.tags) learn(tag);
    if (journal.blocks(entry.key, entry.tags)) entry.limitTo(clock.now() + detachedTtl);
  }
}
