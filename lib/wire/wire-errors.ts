/** A value or a record that is not written, because it would not come back as it was. The reason never holds the value. */
export class NotWritableError extends Error {
  override readonly name = 'NotWritableError';
  /** Why, as the end of a sentence: 'it holds a function'. */
  readonly reason: string;

  constructor(reason: string) {
    super(`this value cannot be kept faithfully: ${reason}`);
    this.reason = reason;
  }
}

/** Bytes that are no value of ours, or one that this process cannot read. The reason never holds the bytes. */
export class UnreadableError extends Error {
  override readonly name = 'UnreadableError';
  /** Why, as the end of a sentence: 'the text is not JSON'. */
  readonly reason: string;

  constructor(reason: string) {
    super(`these bytes hold no value that can be read: ${reason}`);
    this.reason = reason;
  }
}

/** Bytes that only somebody can read who names the class of the instances that they hold. */
export class ClassNeededError extends UnreadableError {
  constructor() {
    super('it is an instance of a class, and none was given');
  }
}
