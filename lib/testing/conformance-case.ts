/** One thing that a contract asks: `run` rejects where the tier at hand does not give it. */
export interface ConformanceCase {
  /** The case in words, for the name of a test. */
  readonly name: string;
  /** Tries it; rejects with an AssertionError. */
  readonly run: () => Promise<void>;
}
