/** What was promised to all the processes of a history. */
export interface Promised {
  /** X, in milliseconds. */
  readonly staleBound: number;
  readonly detachedTtl: number;
  /** After it nothing was written and everything had been told: what is read then is older than nothing that was invalidated. */
  readonly restFrom: number;
  /** What was called before was judged already, and is known for the sake of what came later. Default: nothing. */
  readonly judgedUntil?: number;
}

/** For how long after its acknowledgement an invalidation was not heeded by another process, and what went on around that. */
export interface Lag {
  readonly ms: number;
  /** Nothing at all; something that leaves the process connected; or the process was cut off, or stood still. */
  readonly during: 'calm' | 'fault' | 'cut';
  /** Of it, by how much whoever read came late. */
  readonly late: number;
}

/** Where to look for what led to a violation. */
export interface Place {
  readonly at: number;
  readonly by: string;
  readonly key?: string | undefined;
  /** Who else had a part in it. */
  readonly other?: string;
}

export interface Verdict {
  readonly violations: readonly string[];
  /** One for each violation. */
  readonly places: readonly Place[];
  readonly lags: readonly Lag[];
  readonly account: {
    readonly reads: number;
    readonly byMemory: number;
    readonly loads: number;
    readonly invalidations: number;
    readonly rejected: number;
    /** How long after it was acknowledged an invalidation was not heeded yet: the longest, in milliseconds. */
    readonly worstLag: number;
    readonly late: number;
    /** Loads at the same time as another of the same key, which something excuses. */
    readonly excused: number;
  };
}
