/** The number of the last of something, for the keys of each bucket. */
export class BucketMarks {
  readonly #bucketOf: (key: string) => number;
  readonly #everywhere: number;
  readonly #of: number[] = [];
  #highest: number;

  /** `everywhere`: what holds for the buckets of which nothing else is noted. */
  constructor(bucketOf: (key: string) => number, everywhere = 0) {
    this.#bucketOf = bucketOf;
    this.#everywhere = everywhere;
    this.#highest = everywhere;
  }

  /** The number is higher than all before it. */
  note(bucket: number, number: number): void {
    this.#of[bucket] = number;
    this.#highest = number;
  }

  /** Whether the last one that concerns a key came after a number. Mostly nothing did at all, and the key's bucket is not asked for. */
  isAfter(number: number, key: string): boolean {
    return this.#highest > number && (this.#of[this.#bucketOf(key)] ?? this.#everywhere) > number;
  }
}
