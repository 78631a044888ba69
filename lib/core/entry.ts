/** What an entry lets a reader do: serve; serve and refresh; serve only in place of a failed load; nothing. */
export type Freshness = 'fresh' | 'stale' | 'grace' | 'dead';

/**
 * How an entry answers: `shared` hands every reader the same value, `cloned` a copy each, `negative` remembers null or
 * undefined, `error` throws what the load threw.
 */
export type Form = 'shared' | 'cloned' | 'negative' | 'error';

/** How an entry is to be served: what a hit, which resolves no options, has to know. Entries of equal terms share them. */
export interface Terms {
  /** How it answers. */
  readonly form: Form;
  /** Milliseconds after the end of freshness. */
  readonly staleWhileRevalidate: number;
  /** Milliseconds after the end of freshness. */
  readonly staleIfError: number;
  /** How long a fresh hit makes it fresh anew; 0: it does not. */
  readonly slidingTtl: number;
  /** When a hit refreshes although the value is fresh. */
  readonly refreshAhead: number | 'adaptive' | undefined;
}

/** What a new entry is made of. */
export type EntryParts = Pick<
  Entry,
  'key' | 'value' | 'terms' | 'tags' | 'position' | 'born' | 'freshUntil' | 'quietUntil' | 'loadMs'
> & {
  /** Default: its end. */
  readonly askAt?: number | undefined;
};

/**
 * One value in memory with all that was decided about it when it was stored.
 *
 * All instants are whole milliseconds of one clock, and all numbers small integers, which V8 keeps inside the object;
 * a single fraction would move each of them to a heap object of its own. The fields that a hit reads come first,
 * so that they lie in one cache line.
 */
export class Entry {
  /** Undefined before the first hit, null after it, and from the second on the promise that each hit is given. */
  #answer: Promise<unknown> | null | undefined;
  /** The last invalidation known to leave this entry valid; raised at each admission. */
  position: number;
  /** Until then a hit has nothing to do but answer: fresh, positive, no refresh due, nothing to renew or to clone. */
  quietUntil: number;
  /** The ledger's own: bits by which nearly every tag can be told not to be among this entry's. */
  tagBitsLow: number;
  /** The ledger's own: as many bits again. */
  tagBitsHigh: number;
  /** Near tier's own: when its recency was last told to the tier. */
  touched: number;
  /** The value, or the error that is remembered. */
  readonly value: unknown;
  /** The key it lies under. */
  readonly key: string;
  /** An invalidation of any of these ends it. */
  readonly tags: readonly string[];
  /** How it is to be served. */
  readonly terms: Terms;
  /** When it was stored. */
  readonly born: number;
  /** Until then it is served as it is; the stale windows of its terms count from here. */
  freshUntil: number;
  /** From then on memory does not answer by itself, if there is a tier behind it that can be asked. */
  askAt: number;
  /** After a failed refresh: until then no further load is tried for this key while the old value can be served. */
  retryAt: number;
  /** How long the load took, in whole milliseconds. */
  readonly loadMs: number;
  /** Near tier's own: where it stands in the tier's list. */
  seat: number;

  /** In the order in which the fields are to lie in the object. */
  constructor(parts: EntryParts) {
    this.#answer = undefined;
    this.position = parts.position;
    this.quietUntil = parts.quietUntil;
    this.touched = 0;
    this.tagBitsLow = 0;
    this.tagBitsHigh = 0;
    this.value = parts.value;
    this.key = parts.key;
    this.tags = parts.tags;
    this.terms = parts.terms;
    this.born = parts.born;
    this.freshUntil = parts.freshUntil;
    this.askAt = parts.askAt ?? endOf(parts);
    this.retryAt = parts.born;
    this.loadMs = parts.loadMs;
    this.seat = -1;
  }

  /** The value as a settled promise: one for all hits but the first, since most entries are hit often or never. */
  answer(): Promise<unknown> {
    const kept = this.#answer;
    return kept ? kept : Entry.#firstAnswersOf(this);
  }

  /** Static, for V8 marks every instance of a class that has private methods by a field of its own. */
  static #firstAnswersOf(entry: Entry): Promise<unknown> {
    const answer = Promise.resolve(entry.value);
    entry.#answer = entry.#answer === undefined ? null : answer;
    return answer;
  }

  /** From then on at the latest, memory does not answer by itself. */
  limitTo(instant: number): void {
    this.askAt = Math.min(this.askAt, Math.floor(instant));
    this.quietUntil = Math.min(this.quietUntil, this.askAt);
  }

  /** Starts its life anew, as sliding entries do at each fresh hit. */
  renew(now: number): void {
    this.freshUntil = Math.floor(now) + this.terms.slidingTtl;
  }
}

function endOf({ freshUntil, terms }: EntryParts): number {
  return freshUntil + Math.max(terms.staleWhileRevalidate, terms.staleIfError);
}

/** The whole rule of freshness: what has been decided at the store, compared with `now`. */
export function freshness(entry: Entry, now: number): Freshness {
  const past = now - entry.freshUntil;
  if (past < 0) return 'fresh';
  if (past < entry.terms.staleWhileRevalidate) return 'stale';
  if (past < entry.terms.staleIfError) return 'grace';
  return 'dead';
}
