import type { Entry } from '../core/entry.js';
import type { NearTier } from '../tiers/near-tier.js';
import { BucketMarks } from './bucket-marks.js';
import { fingerprintOf } from './fingerprint.js';
import { RecentTags } from './recent-tags.js';

/** Distinct tags remembered before a new table is begun. */
const CAPACITY = 10_000;
/** Entries judged at each invalidation while a pass is under way: some 10 microseconds. */
const LEAST_SLICE = 256;
/** The position of an entry that no tag invalidation can reach. Still a small integer on every platform. */
const OUT_OF_REACH = 2 ** 30 - 1;

export interface LedgerOptions {
  /** Distinct tags remembered before a new table is begun. */
  readonly capacity?: number;
  /** Whether invalidations can be missed. Where they cannot, entries without tags never need to prove themselves. */
  readonly knows?: 'all there is' | 'what it hears';
  /** Which bucket tells of what befalls a key. Default: there is one, 0. */
  readonly bucketOf?: (key: string) => number;
}

/** What an invalidation may cover: an entry, or what is on its way. */
export interface Subject {
  readonly key: string;
  readonly tags: readonly string[];
}

/** The number of the last invalidation of each tag: of all that have it, or bucket by bucket. */
type Table = Map<string, number | BucketMarks>;

function coversAny(table: Table | undefined, { key, tags }: Subject, position: number): boolean {
  if (table === undefined) return false;
  for (const tag of tags) {
    const last = table.get(tag) ?? 0;
    if (typeof last === 'number' ? last > position : last.isAfter(position, key)) return true;
  }
  return false;
}

/**
 * What this process knows of invalidations, each numbered by its place in their order.
 *
 * An entry carries the number of the last one known to leave it valid. Invalidating writes one number into a table,
 * whatever the entries are; the next look at an entry compares. When the table is full, another is begun and the near
 * tier is settled: at each further invalidation a slice of its entries is judged by the full table, and the refused are
 * deleted. All are judged long before the new table is full in its turn and the old one is forgotten, so no entry is lost
 * to the bound. A load outlives what is remembered only if a whole table fills meanwhile; its result is then not stored.
 */
export class Ledger {
  /** The number of the last invalidation. */
  #position = 0;
  /** Nothing is remembered of the invalidations up to this number. */
  #forgotten = 0;
  #begunAt = 0;
  /** What was last admitted before has to be proven by another than what is known here. */
  readonly #unproven: BucketMarks;
  /** What was loaded before is over: everything, in one bucket. */
  readonly #ended: BucketMarks;
  #table: Table = new Map();
  readonly #recent = new RecentTags();
  /** The full table before this one: known as long as this one is not full, for loads that began in its time. */
  #before: Table | undefined;
  #pass: Iterator<Entry> | undefined;
  #slicesOwed = 0;
  readonly #near: NearTier;
  readonly #onRefused: (entry: Entry) => void;
  readonly #capacity: number;
  readonly #isComplete: boolean;
  readonly #bucketOf: (key: string) => number;

  constructor(near: NearTier, onRefused: (entry: Entry) => void, options: LedgerOptions = {}) {
    this.#near = near;
    this.#onRefused = onRefused;
    this.#capacity = options.capacity ?? CAPACITY;
    this.#isComplete = options.knows !== 'what it hears';
    this.#bucketOf = options.bucketOf ?? (() => 0);
    this.#unproven = new BucketMarks(this.#bucketOf);
    this.#ended = new BucketMarks(this.#bucketOf);
  }

  get position(): number {
    return this.#position;
  }

  /** From here on nothing with this tag that was loaded before is admitted; with a bucket, nothing that belongs there. */
  recordTag(tag: string, bucket?: number): void {
    const position = ++this.#position;
    this.#table.set(tag, bucket === undefined ? position : this.#marked(tag, bucket, position));
    this.#recent.record(tag, position);
    if (this.#pass !== undefined) this.#settle();
    else if (this.#table.size >= this.#capacity) this.#beginTable();
  }

  /** From here on nothing that was loaded before is admitted; with a bucket, nothing that belongs there. */
  recordAll(bucket?: number): void {
    this.#position++;
    if (bucket !== undefined) return this.#ended.note(bucket, this.#position);
    this.#near.clear();
    this.#table = new Map();
    this.#before = undefined;
    this.#pass = undefined;
    this.#begunAt = this.#position;
    this.#forgotten = this.#position;
  }

  /** Invalidations may have been missed: nothing of the bucket that was admitted before is admitted again. The answer is where that ends. */
  recordLoss(bucket = 0): number {
    this.#unproven.note(bucket, ++this.#position);
    return this.#position;
  }

  /** Whether an invalidation later than `position` covers one of the tags, or may have: what is forgotten or was missed counts as one. */
  covers(subject: Subject, position: number): boolean {
    if (position === this.#position) return false;
    return this.#unproven.isAfter(position, subject.key) || this.#mayCover(subject, position);
  }

  /** Whether an entry that is not admitted is refused for what is known, and not for what may have been missed. */
  refuses(entry: Entry): boolean {
    return this.#mayCover(entry, entry.position);
  }

  /** Whether an entry of the near tier may be served. One that may is as good as stored now. */
  admits(entry: Entry): boolean {
    return entry.position >= this.#position || this.#admitsAnew(entry);
  }

  /** Takes an entry into the near tier, unless an invalidation came since its load began. */
  admitNew(entry: Entry): boolean {
    if (this.covers(entry, entry.position)) return false;
    if (entry.tags.length === 0 && this.#isComplete) {
      entry.position = OUT_OF_REACH;
    } else {
      const { low, high } = fingerprintOf(entry.tags);
      entry.tagBitsLow = low;
      entry.tagBitsHigh = high;
      entry.position = this.#position;
    }
    this.#near.set(entry);
    return true;
  }

  #admitsAnew(entry: Entry): boolean {
    const { key, position } = entry;
    if (this.#isEnded(key, position) || this.#unproven.isAfter(position, key)) return false;
    if (!this.#recent.spares(entry) && this.#coversTags(entry, position)) return false;
    entry.position = this.#position;
    return true;
  }

  #mayCover(subject: Subject, position: number): boolean {
    return this.#isEnded(subject.key, position) || this.#coversTags(subject, position);
  }

  #isEnded(key: string, position: number): boolean {
    return position < this.#forgotten || this.#ended.isAfter(position, key);
  }

  #coversTags(subject: Subject, position: number): boolean {
    if (coversAny(this.#table, subject, position)) return true;
    return position < this.#begunAt && coversAny(this.#before, subject, position);
  }

  #marked(tag: string, bucket: number, position: number): BucketMarks {
    const last = this.#table.get(tag);
    const marks = last instanceof BucketMarks ? last : new BucketMarks(this.#bucketOf, last);
    marks.note(bucket, position);
    return marks;
  }

  #beginTable(): void {
    this.#forgotten = this.#begunAt;
    this.#before = this.#table;
    this.#table = new Map();
    this.#begunAt = this.#position;
    this.#pass = this.#near.each();
  }

  /** Whoever is told of a refused entry may invalidate in his turn: the slices for that are owed to the loop that told him. */
  #settle(): void {
    this.#slicesOwed++;
    if (this.#slicesOwed > 1) return;
    try {
      for (; this.#slicesOwed > 0 && this.#pass !== undefined; this.#slicesOwed--) this.#settleSlice(this.#pass);
    } finally {
      this.#slicesOwed = 0;
    }
  }

  #settleSlice(pass: Iterator<Entry>): void {
    // So large that all are judged long before as many invalidations have come as fill the table.
    const slice = Math.max(LEAST_SLICE, Math.ceil((2 * this.#near.entries) / this.#capacity));
    for (let judged = 0; judged < slice; judged++) {
      const step = pass.next();
      if (step.done === true) {
        this.#pass = undefined;
        return;
      }
      this.#judge(step.value);
      if (this.#pass !== pass) return;
    }
  }

  #judge(entry: Entry): void {
    if (this.admits(entry) || !this.refuses(entry)) return;
    this.#near.delete(entry.key);
    this.#onRefused(entry);
  }
}
