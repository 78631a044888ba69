import { Ledger } from '../../../lib/coherence/ledger.js';
import type { Entry } from '../../../lib/core/entry.js';
import { MemoryTier } from '../../../lib/tiers/memory.tier.js';
import { type Tagged, taggedEntry } from './tagged-entry.js';

/** What was invalidated: a tag, or everything; everywhere, or in one bucket. */
export type Target = { readonly tag: string; readonly bucket?: number } | { readonly bucket: number } | 'all';

export const BUCKETS = 3;
/** That of no key that is invalidated by its bucket. */
const ASIDE = BUCKETS;

interface Stored {
  readonly entry: Entry;
  /** Where its load began. Not the entry's own position, which admissions raise. */
  readonly since: number;
}

/** As `expect`, for what is asked a million times. */
function insist(holds: boolean, words: string): void {
  if (!holds) throw new Error(`it does not hold that ${words}`);
}

export type Knowledge = 'all there is' | 'what it hears';

function everywhere(target: Target): Target {
  return target !== 'all' && 'tag' in target ? { tag: target.tag } : 'all';
}

export const keyOf = (number: number): string => `k${number}`;
const bucketOf = (key: string): number => (key === 'k' ? ASIDE : Number(key.slice(1)) % BUCKETS);
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
  readonly #knows: Knowledge;
  #knownFrom = 0;

  /** Where all there is is known, there are no buckets. */
  constructor(capacity: number, knows: Knowledge = 'all there is') {
    this.#capacity = capacity;
    this.#knows = knows;
    this.ledger = new Ledger(this.near, (entry) => this.refused.push(entry), { capacity, knows, bucketOf });
  }

  record(given: Target): void {
    const target = this.#knows === 'all there is' ? everywhere(given) : given;
    this.history.push(target);
    if (target === 'all') this.ledger.recordAll();
    else if ('tag' in target) this.ledger.recordTag(target.tag, target.bucket);
    else this.ledger.recordAll(target.bucket);
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
    for (const key of ['k', ...Array.from({ length: BUCKETS }, (_, number) => keyOf(number))]) {
      for (let position = 0; position <= this.history.length; position++) {
        const expected = this.#isCovered({ key, tags, position }) || this.#isForgotten(position);
        insist(
          this.ledger.covers({ key, tags }, position) === expected,
          `a load of ${key} from ${position} is covered: ${expected}`,
        );
      }
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

  #isCovered({ key, tags, position }: Pick<Required<Tagged>, 'key' | 'tags' | 'position'>): boolean {
    return this.history.slice(position).some((target) => {
      if (target === 'all') return true;
      if ('tag' in target && !tags.includes(target.tag)) return false;
      return target.bucket === undefined || target.bucket === bucketOf(key);
    });
  }

  /** Whether what is stored is not to be served any more. */
  #isOver({ entry: { key, tags }, since }: Stored): boolean {
    return this.#isCovered({ key, tags, position: since });
  }

  /** Nothing but an invalidation of everything covers a load without tags that is in none of the buckets; so what does is that it is forgotten. */
  #isForgotten(position: number): boolean {
    return this.ledger.covers({ key: 'k', tags: [] }, position);
  }

  /** How many tags, and whether everything. */
  #distinctSince(position: number): number {
    const targets = this.history.slice(position);
    const all = targets.includes('all') ? 1 : 0;
    return all + new Set(targets.flatMap((target) => (target !== 'all' && 'tag' in target ? [target.tag] : []))).size;
  }
}
