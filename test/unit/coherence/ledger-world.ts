import { Ledger } from '../../../lib/coherence/ledger.js';
import type { Entry } from '../../../lib/core/entry.js';
import { MemoryTier } from '../../../lib/tiers/memory.tier.js';
import { type Tagged, taggedEntry } from './tagged-entry.js';

/** What was invalidated: a tag, or everything. */
export type Target = { readonly tag: string } | 'all';

interface Stored {
  readonly entry: Entry;
  /** Where its load began. Not the entry's own position, which admissions raise. */
  readonly since: number;
}

/** As `expect`, for what is asked a million times. */
function insist(holds: boolean, words: string): void {
  if (!holds) throw new Error(`it does not hold that ${words}`);
}

export const keyOf = (number: number): string => `k${number}`;
export const tagOf = (number: number): string => `t${number}`;

/** A ledger, and beside it all that ever happened, from which follows what is right. */
export class World {
  readonly near = new MemoryTier({ max: 2_000, maxBytes: undefined });
  readonly refused: Entry[] = [];
  readonly ledger: Ledger;
  readonly history: Target[] = [];
  readonly loads: Omit<Required<Tagged>, 'born' | 'loadMs'>[] = [];
  readonly stored = new Map<string, Stored>();
  readonly #capacity: number;
  #knownFrom = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
    this.ledger = new Ledger(this.near, (entry) => this.refused.push(entry), { capacity });
  }

  record(target: Target): void {
    this.history.push(target);
    if (target === 'all') this.ledger.recordAll();
    else this.ledger.recordTag(target.tag);
    insist(this.ledger.position === this.history.length, 'each invalidation has a number');
  }

  begin(key: string, tags: readonly string[]): void {
    this.loads.push({ key, tags, position: this.ledger.position });
  }

  land(number: number): void {
    const load = this.loads.splice(number % Math.max(1, this.loads.length), 1)[0];
    if (load !== undefined) this.admitNew(load);
  }

  admitNew(load: Omit<Required<Tagged>, 'born' | 'loadMs'>): void {
    const entry = taggedEntry(load);
    const expected = !this.#isCovered(load) && !this.#isForgotten(load.position);
    insist(this.ledger.admitNew(entry) === expected, `a load is ${expected ? 'admitted' : 'refused'}`);
    if (expected) this.stored.set(load.key, { entry, since: load.position });
  }

  /** What the engine does with a key that is invalidated: nothing that the ledger hears of. */
  drop(key: string): void {
    this.near.delete(key);
    this.stored.delete(key);
  }

  /** What the engine does with an entry it looks up. */
  look(key: string, drop: boolean): void {
    const entry = this.near.get(key);
    const stored = this.stored.get(key);
    if (entry === undefined || stored?.entry !== entry) {
      insist(stored === undefined || this.#isOver(stored), `${key} is there unless it is covered`);
      return;
    }
    const covered = this.#isOver(stored);
    insist(this.ledger.admits(entry) === !covered, `${key} is ${covered ? 'refused' : 'served'}`);
    if (covered && drop) this.drop(key);
  }

  /** Nothing valid is lost, and nothing is refused that is valid. */
  checkKept(): void {
    for (const [key, stored] of this.stored) {
      insist(this.near.get(key) === stored.entry || this.#isOver(stored), `${key} is kept`);
    }
    for (const entry of this.refused.splice(0)) {
      const stored = this.stored.get(entry.key);
      insist(stored?.entry !== entry || this.#isOver(stored), `${entry.key} is refused only if it is covered`);
    }
  }

  /** What is said of loads that began at any time is right, but for what is forgotten. */
  checkCovers(tags: readonly string[]): void {
    for (let position = 0; position <= this.history.length; position++) {
      const expected = this.#isCovered({ tags, position }) || this.#isForgotten(position);
      insist(
        this.ledger.covers({ key: 'k', tags }, position) === expected,
        `a load from ${position} is covered: ${expected}`,
      );
    }
  }

  /** What is remembered is at least a table's fill, and at most two; and what is forgotten stays so. */
  checkMemory(): void {
    while (this.#knownFrom < this.history.length && this.#isForgotten(this.#knownFrom)) this.#knownFrom++;
    for (let position = this.#knownFrom; position <= this.history.length; position++) {
      insist(!this.#isForgotten(position), 'what is remembered is so to the present');
    }
    insist(this.#distinctSince(this.#knownFrom) <= 2 * this.#capacity + 2, 'no more than two tables are kept');
    const justForgotten = this.#knownFrom - 1;
    if (justForgotten >= 0 && !this.history.slice(justForgotten).includes('all')) {
      insist(this.#distinctSince(justForgotten) >= this.#capacity, 'no less than a table is kept');
    }
  }

  #isCovered({ tags, position }: Tagged): boolean {
    return this.history.slice(position).some((target) => target === 'all' || tags.includes(target.tag));
  }

  /** Whether what is stored is not to be served any more. */
  #isOver({ entry: { tags }, since }: Stored): boolean {
    return this.#isCovered({ tags, position: since });
  }

  /** No tag covers a load without tags, so that its being covered tells what is forgotten. */
  #isForgotten(position: number): boolean {
    return this.ledger.covers({ key: 'k', tags: [] }, position);
  }

  #distinctSince(position: number): number {
    return new Set(this.history.slice(position).map((target) => JSON.stringify(target))).size;
  }
}
