/** What workers write down of what they do. Their clock is one: monotonic, and the same for all processes of a machine. */

/** Milliseconds, comparable between processes. */
export function now(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** What the source said of a key, or what was handed to `set`. */
export interface Value {
  readonly key: string;
  readonly row: number;
  /** Names the load or the `set` that it came by. */
  readonly id: string;
  readonly ballast?: string;
}

/** By memory. By what was begun for this call alone. By something that may have been under way for its key before. */
export type AnsweredBy = 'memory' | 'own' | 'joined';

export interface ReadRecord {
  readonly kind: 'read';
  readonly by: string;
  readonly key: string;
  readonly at: number;
  readonly end: number;
  /** Undefined: the cache had nothing, or threw. */
  readonly value?: Value | undefined;
  readonly error?: string | undefined;
  readonly how: AnsweredBy;
  /** By how many milliseconds whoever read came to it later than he meant to: so busy was the process, or the machine. */
  readonly late?: number;
}

export type Scope = 'key' | 'tag' | 'all' | 'set';

/** Told when it is called, and again when it is over. */
export interface InvalidationRecord {
  readonly kind: 'invalidation';
  readonly by: string;
  readonly scope: Scope;
  readonly name: string;
  readonly called: number;
  /** Of the value that was set. */
  readonly row?: number;
  readonly id?: string;
  readonly over?: number;
  readonly error?: string;
}

/** A loader that ran, as the source knows it. */
export interface LoadRecord {
  readonly kind: 'load';
  readonly by: string;
  readonly key: string;
  readonly row: number;
  readonly id: string;
  readonly began: number;
  readonly ended?: number;
}

/** Something that must not happen, or that explains what else does. */
export interface EventRecord {
  readonly kind: 'unhandled' | 'warning' | 'error' | 'stall' | 'unended';
  readonly by: string;
  readonly at: number;
  readonly text: string;
  /** How long it took. */
  readonly ms?: number;
}

export type Note = ReadRecord | InvalidationRecord | LoadRecord | EventRecord;

/** A worker asks the source. */
export type Question =
  | { readonly what: 'load'; readonly key: string; readonly began: number }
  | { readonly what: 'write'; readonly scope: Scope; readonly name: string };

/** What the source answers: the row as it is now, or as it has just become, or that it fails. */
export interface Answer {
  readonly row: number;
  readonly id: string;
  readonly fails: boolean;
  /** How long the load goes on after the row was read. */
  readonly ms: number;
}

/** What is said over the channel between a worker and its parent. */
export type ToWorker =
  | { readonly n: number; readonly order: Order }
  | { readonly asked: number; readonly answer: Answer };
export type FromWorker =
  | { readonly n: number; readonly done: unknown }
  | { readonly n: number; readonly failed: string }
  | { readonly ask: number; readonly question: Question }
  | { readonly notes: readonly Note[] };

export interface Plan {
  readonly seed: number;
  readonly users: number;
  /** The longest pause of a user between two calls. */
  readonly pauseMs: number;
  /** How many reads a user begins at once. */
  readonly together: number;
  /** The share of calls that invalidate something. */
  readonly writes: number;
  /** Of the share of writes: all of it. */
  readonly clears: number;
  /** Invalidations a second besides, whatever the users do. */
  readonly perSecond: number;
  readonly keys: number;
  readonly ballast: number;
}

/** Many callers of one key, at one moment, in each process. */
export interface Burst {
  readonly keys: readonly string[];
  readonly callers: number;
  /** When the first key is called, and how much later each next one. */
  readonly at: number;
  readonly every: number;
  readonly loadMs: number;
  readonly loadFails: boolean;
  /** For so long whoever was answered asks again at once. */
  readonly forMs: number;
}

/** What happened in one second of the clock that all processes share. */
export interface Second {
  reads: number;
  loads: number;
  failures: number;
  /** The longest that a read took, in milliseconds. */
  slowest: number;
}

/** Reads of few options, at a steady rate. */
export interface Stream {
  readonly seed: number;
  readonly keys: number;
  readonly perSecond: number;
  readonly loadMs: number;
}

export type Order =
  | { readonly act: 'ready' }
  | { readonly act: 'work'; readonly plan: Plan }
  /** Ends with all calls that were under way. */
  | { readonly act: 'rest'; readonly limitMs: number }
  /** Lets time pass. */
  | { readonly act: 'pass'; readonly ms: number }
  /** Loads whatever has to be loaded. */
  | { readonly act: 'readAll'; readonly keys: readonly string[] }
  /** Loads nothing. */
  | { readonly act: 'get'; readonly key: string }
  | { readonly act: 'set'; readonly key: string; readonly value: number }
  /** Blocks the process, and reads right after that, before anything it was sent meanwhile is looked at. */
  | { readonly act: 'freeze'; readonly ms: number; readonly keys: readonly string[] }
  /** Invalidates so many keys at once, and waits for none of them. */
  | { readonly act: 'flood'; readonly keys: readonly string[] }
  /** Moves the wall clock, by so much from where it really is. */
  | { readonly act: 'wall'; readonly ms: number }
  | { readonly act: 'footprint' }
  | { readonly act: 'burst'; readonly burst: Burst }
  | { readonly act: 'stream'; readonly stream: Stream }
  | { readonly act: 'seconds' }
  | { readonly act: 'close' };
