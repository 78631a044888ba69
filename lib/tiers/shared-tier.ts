import type { RevivedClass } from '../wire/value-writer.js';

/** What a shared tier holds of a value, in this process's time. */
export interface SharedValue {
  /** Null and undefined are remembered as such. */
  readonly value: unknown;
  /** An invalidation of any of these ends it. */
  readonly tags: readonly string[];
  /** When it was stored. */
  readonly born: number;
  /** Until then it is served as it is. */
  readonly freshUntil: number;
  /** After `freshUntil`, in milliseconds. */
  readonly staleWhileRevalidate: number;
  /** After `freshUntil`, in milliseconds. */
  readonly staleIfError: number;
  /** How long its load took, in milliseconds. */
  readonly loadMs: number;
}

/** What a reader asks for. */
export interface SharedRequest {
  /** Its key. */
  readonly key: string;
  /** Those that an entry must have to be an answer; those that are known only from the entry are looked at as well. */
  readonly tags: readonly string[];
  /** The class whose instances the values are, where that has to be known. */
  readonly type: RevivedClass | undefined;
}

/** What a look found: the value, if there is one that nothing has invalidated, and a mark of what lies there in any case. */
export interface SharedFind {
  /** Undefined: there is none, or something has ended it. */
  readonly found: SharedValue | undefined;
  /** May be left out where there is a value: only who takes a lease has to say what he saw. */
  readonly mark: SharedMark;
}

/** Tells what lies under a key from everything that ever lay there before or after; undefined: nothing does. */
export type SharedMark = Buffer | undefined;

/** A request for the lease of a load. */
export interface LeaseRequest extends SharedRequest {
  /** What the reader saw: anything else that lies there by now is the answer. */
  readonly seen: SharedMark;
}

/** The lease · a value that lies there by now · neither, for another load has it. */
export type LeaseReply = LeaseWon | LeaseNeedless | LeaseBusy;

/** The load may begin. */
export interface LeaseWon {
  /** Tells it from the others. */
  readonly kind: 'won';
  /** To be used or given back. */
  readonly lease: SharedLease;
}

/** Somebody has loaded it meanwhile. */
export interface LeaseNeedless {
  /** Tells it from the others. */
  readonly kind: 'found';
  /** What lies there. */
  readonly found: SharedValue;
  /** And its mark. */
  readonly mark: SharedMark;
}

/** Another load has it. */
export interface LeaseBusy {
  /** Tells it from the others. */
  readonly kind: 'busy';
  /** At most so many milliseconds longer, unless it is renewed. */
  readonly leftMs: number;
}

/** Why a load is over that stores nothing: nothing to share, so that each loads for himself · it failed · it was invalidated. */
export type ReleaseReason = 'nothing' | 'failed' | 'refused';

/** The very bytes that were stored, for tiers that keep copies of them. */
export interface StoredCopy {
  /** To be kept as they are. */
  readonly bytes: Uint8Array;
  /** Later nobody needs them. */
  readonly freshUntil: number;
}

/**
 * What became of a store; `unwritable`: the value would not come back as it is; `copy`: it was stored, and copies of it are wanted.
 */
export type StoreOutcome = 'stored' | 'refused' | UnwritableOutcome | CopiedOutcome;

/** It was not stored, and cannot be. */
export interface UnwritableOutcome {
  /** Why. */
  readonly unwritable: string;
}

/** It was stored. */
export interface CopiedOutcome {
  /** For those who keep copies. */
  readonly copy: StoredCopy;
}

/** The right to store the result of one load. It renews itself until it is used or given back, once. */
export interface SharedLease {
  /** Stores the result of the load, unless something has ended that since the lease was taken. */
  store(value: SharedValue, type: RevivedClass | undefined): Promise<StoreOutcome>;
  /** Stores again what a copy held, as what it was: `mark` is the copy's, and other copies of it stay answers. */
  putBack(value: SharedValue, type: RevivedClass | undefined, mark: SharedMark): Promise<StoreOutcome>;
  /** Ends it without a result. */
  release(reason: ReleaseReason): Promise<void>;
}

/** A copy that was read, and is one of ours. */
export interface OpenCopy {
  readonly tags: readonly string[];
  readonly mark: SharedMark;
  /** Its value, unless something has ended it, or another value was stored since. Asks the shared tier, and rejects where that fails. */
  value(): Promise<SharedValue | undefined>;
}

/** A shared tier that knows of copies kept elsewhere whether they still are answers. */
export interface Voucher {
  /** Throws for what is none of ours, is broken, or is of another key. */
  open(copy: Uint8Array, request: SharedRequest): OpenCopy;
}

/** Why a wait for another process's load is over; `lost`: something may have been missed, so that one had better look. */
export type WakeReason = 'stored' | 'refused' | 'nothing' | 'failed' | 'invalidated' | 'lost';

/** Somebody waits to hear what became of another process's load. */
export interface SharedWait {
  /** Stays open where nothing is heard. */
  readonly woken: Promise<WakeReason>;
  /** Nobody waits any more. */
  stop(): void;
}

/** Some parts of a shared tier were told of an invalidation, and the others could not be, for the reason that is the cause. */
export class PartlyToldError extends Error {
  /** As other errors have it. */
  override readonly name = 'PartlyToldError';
  /** Those that were told. */
  readonly told: ReadonlySet<number>;

  constructor(told: ReadonlySet<number>, cause: unknown) {
    super('a part of it could not be told', { cause });
    this.told = told;
  }
}

/**
 * A tier that all processes share, and that knows what was invalidated. Every verb may reject: then it is as if the tier were not
 * there. What an invalidation has reached is answered by no read that starts later.
 */
export interface SharedTier {
  /** As `stats`, `lookup` and observers name it. */
  readonly name: string;
  /** Whether any of it can be asked. */
  readonly isReachable: boolean;
  /** Whether all of it can be: it may lie in parts, each of which may be away by itself. */
  readonly isWhole: boolean;
  /** Whether one of its parts can be asked, the first being 0. */
  reachesPart(part: number): boolean;
  /** Whether it can be asked about a key. */
  reaches(key: string): boolean;
  /** What lies under a key. */
  read(request: SharedRequest): Promise<SharedFind>;
  /** Takes the lease of a load, if it is free and nothing lies there but what the reader saw. */
  acquire(request: LeaseRequest): Promise<LeaseReply>;
  /** To be called before an acquire that is to be waited for was answered. */
  wait(key: string): SharedWait;
  /** Loads that are under way here and carry the tag, or any without one, will be refused: those who wait need not wait for that. */
  doom(tag: string | undefined): void;
  /** Ends what lies under a key, and the load of it that is under way anywhere. */
  invalidateKey(key: string): Promise<void>;
  /** The same of all that carries one of the tags, in these parts. Default: in all. Rejects with a `PartlyToldError` where only some were told. */
  invalidateTags(tags: readonly string[], parts?: ReadonlySet<number>): Promise<void>;
  /** The same of everything there. */
  clear(parts?: ReadonlySet<number>): Promise<void>;
  /**
   * Invalidates the key, and stores a value unless another came in between, or `mayStore` says no, which is asked last. What arrives of
   * it late only invalidates.
   */
  set(key: string, value: SharedValue, mayStore: () => boolean): Promise<StoreOutcome>;
}
