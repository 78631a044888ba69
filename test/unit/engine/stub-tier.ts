import type { FarTier } from '../../../lib/policy/far-tier.js';
import type {
  LeaseReply,
  LeaseRequest,
  OpenCopy,
  ReleaseReason,
  SharedFind,
  SharedLease,
  SharedMark,
  SharedRequest,
  SharedTier,
  SharedValue,
  SharedWait,
  StoreOutcome,
  Voucher,
  WakeReason,
} from '../../../lib/tiers/shared-tier.js';
import type { RevivedClass } from '../../../lib/wire/value-writer.js';

interface Open {
  readonly asked: string;
  answer(reply?: unknown): void;
  fail(error: Error): void;
}

/** What was asked, in order, and is not answered unless a test does it. */
class Asked {
  /** All that was asked so far. */
  readonly said: string[] = [];
  readonly #open: Open[] = [];

  ask<T>(asked: string): Promise<T> {
    this.said.push(asked);
    return new Promise<unknown>((answer, fail) => {
      this.#open.push({ asked, answer, fail });
    }) as Promise<T>;
  }

  /** What waits for an answer. */
  get open(): readonly string[] {
    return this.#open.map(({ asked }) => asked);
  }

  /** Of what is asked in these words; without any, of what has waited longest. */
  answer(reply?: unknown, asked?: string): void {
    this.#take(asked).answer(reply);
  }

  fail(error: Error, asked?: string): void {
    this.#take(asked).fail(error);
  }

  #take(asked: string | undefined): Open {
    const index = asked === undefined ? 0 : this.#open.findIndex((open) => open.asked === asked);
    const [open] = index < 0 ? [] : this.#open.splice(index, 1);
    if (open === undefined) throw new Error(`nobody has asked ${asked ?? 'anything'}`);
    return open;
  }
}

/** A wait that a test ends. */
export class StubWait implements SharedWait {
  readonly woken: Promise<WakeReason>;
  isStopped = false;
  #wake: (reason: WakeReason) => void = () => undefined;

  constructor() {
    this.woken = new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  wake(reason: WakeReason): void {
    if (!this.isStopped) this.#wake(reason);
  }

  stop(): void {
    this.isStopped = true;
  }
}

export class StubLease extends Asked implements SharedLease {
  readonly stored: {
    readonly value: SharedValue;
    readonly type: RevivedClass | undefined;
    /** Of what was put back. */
    readonly mark?: SharedMark;
  }[] = [];

  store(value: SharedValue, type: RevivedClass | undefined): Promise<StoreOutcome> {
    this.stored.push({ value, type });
    return this.ask('store');
  }

  putBack(value: SharedValue, type: RevivedClass | undefined, mark: SharedMark): Promise<StoreOutcome> {
    this.stored.push({ value, type, mark });
    return this.ask('put back');
  }

  release(reason: ReleaseReason): Promise<void> {
    return this.ask(`release ${reason}`);
  }
}

/** A far tier that writes down what it is asked. */
export class StubFarTier implements FarTier {
  readonly name: string;
  readonly said: string[] = [];
  readonly kept = new Map<string, Uint8Array>();

  constructor(name = 'far') {
    this.name = name;
  }

  get(key: string): Promise<Uint8Array | undefined> {
    this.said.push(`get ${key}`);
    return Promise.resolve(this.kept.get(key));
  }

  set(key: string, bytes: Uint8Array, ttlMs: number): Promise<void> {
    this.said.push(`set ${key} to ${Buffer.from(bytes).toString()} for ${ttlMs}`);
    return Promise.resolve();
  }

  delete(key: string): Promise<void> {
    this.said.push(`delete ${key}`);
    return Promise.resolve();
  }
}

/** Vouches for copies as a test says: their bytes are the name of one. */
export class StubVoucher implements Voucher {
  readonly requests: SharedRequest[] = [];
  readonly #copies = new Map<string, OpenCopy>();

  /** What the bytes stand for; without more, nothing that is an answer. */
  say(name: string, copy: Partial<OpenCopy>): void {
    this.#copies.set(name, { tags: ['t'], mark: Buffer.from(name), value: () => Promise.resolve(undefined), ...copy });
  }

  open(bytes: Uint8Array, request: SharedRequest): OpenCopy {
    this.requests.push(request);
    const copy = this.#copies.get(Buffer.from(bytes).toString());
    if (copy === undefined) throw new Error('none of ours');
    return copy;
  }
}

/** The second of two parts, in which there is one key. */
export const AWAY = 'away';
export const PARTS = { count: 2, of: (key: string): number => (key === AWAY ? 1 : 0) };

/** A shared tier of two parts of which nothing is answered unless a test does it. */
export class StubTier extends Asked implements SharedTier {
  readonly name = 'stub';
  isReachable = true;
  /** Parts that cannot be asked, though the rest can be. */
  readonly unreached = new Set<number>();
  readonly requests: LeaseRequest[] = [];
  readonly waits: StubWait[] = [];
  readonly sets: { readonly value: SharedValue; readonly mayStore: () => boolean }[] = [];

  get isWhole(): boolean {
    return this.isReachable && this.unreached.size === 0;
  }

  reachesPart(part: number): boolean {
    return this.isReachable && !this.unreached.has(part);
  }

  reaches(key: string): boolean {
    return this.reachesPart(PARTS.of(key));
  }

  read({ key }: SharedRequest): Promise<SharedFind> {
    return this.ask(`read ${key}`);
  }

  acquire(request: LeaseRequest): Promise<LeaseReply> {
    this.requests.push(request);
    return this.ask(`acquire ${request.key}`);
  }

  wait(key: string): StubWait {
    this.said.push(`wait ${key}`);
    const wait = new StubWait();
    this.waits.push(wait);
    return wait;
  }

  doom(tag: string | undefined): void {
    this.said.push(tag === undefined ? 'doom all' : `doom ${tag}`);
  }

  invalidateKey(key: string): Promise<void> {
    return this.ask(`key ${key}`);
  }

  invalidateTags(tags: readonly string[], parts?: ReadonlySet<number>): Promise<void> {
    return this.ask(`tags ${tags.join(' ')}${shown(parts)}`);
  }

  clear(parts?: ReadonlySet<number>): Promise<void> {
    return this.ask(`clear${shown(parts)}`);
  }

  set(key: string, value: SharedValue, mayStore: () => boolean): Promise<StoreOutcome> {
    this.sets.push({ value, mayStore });
    return this.ask(`set ${key}`);
  }
}

function shown(parts: ReadonlySet<number> | undefined): string {
  return parts === undefined || parts.size === PARTS.count ? '' : ` in ${[...parts].join(' ')}`;
}
