import type { Clock } from '../core/clock.js';
import type { Random } from '../core/random.js';
import { TurnoverMap } from '../core/turnover-map.js';
import {
  type LeaseReply,
  type LeaseRequest,
  PartlyToldError,
  type SharedFind,
  type SharedRequest,
  type SharedTier,
  type SharedValue,
  type SharedWait,
  type StoreOutcome,
} from '../tiers/shared-tier.js';
import type { Bucket } from './bucket.js';
import { nameOf } from './keys.js';
import { tagTtlOf } from './lifetimes.js';
import { nonceOf } from './nonces.js';
import { markOf } from './record-codec.js';
import type { State } from './records.js';
import { RedisLease } from './redis-lease.js';
import type { CopyKeeping, SharedScripts, Standing } from './shared-scripts.js';

export interface RedisTierParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly copies: CopyKeeping;
  readonly buckets: readonly Bucket[];
  readonly bucketOf: (key: string) => number;
  /** X, in milliseconds: a lease is renewed three times meanwhile. */
  readonly bound: number;
  readonly onError: (during: string, error: unknown) => void;
}

const LEASE_MS = 2_000;
const TOKEN_LENGTH = 24;
/** A script takes no more keys at once. */
const MOST_TAGS = 1_000;
/** How often an entry that turns out to be none may change between two looks, before it counts as somebody's load. */
const MOST_LOOKS = 3;

/** The shared tier on Redis: what its scripts say, in terms of values. */
export class RedisTier implements SharedTier {
  readonly name = 'redis';
  readonly #parts: RedisTierParts;
  /** The leases of this process, one for a key. */
  readonly #leases = new TurnoverMap<string, RedisLease>();

  constructor(parts: RedisTierParts) {
    this.#parts = parts;
  }

  get isReachable(): boolean {
    return this.#parts.buckets.some((bucket) => bucket.isReachable);
  }

  get isWhole(): boolean {
    return this.#parts.buckets.every((bucket) => bucket.isReachable);
  }

  reachesPart(part: number): boolean {
    return this.#parts.buckets[part]?.isReachable === true;
  }

  reaches(key: string): boolean {
    return this.#bucketOf(key).isReachable;
  }

  read(request: SharedRequest): Promise<SharedFind> {
    const bucket = this.#bucketOf(request.key);
    return bucket.isOverdue ? bucket.reached().then(() => this.#read(request)) : this.#read(request);
  }

  #read(request: SharedRequest): Promise<SharedFind> {
    const bucket = this.#bucketOf(request.key);
    const sentAt = this.#parts.clock.now();
    return bucket.scripts.read(request.key, request.tags).then(({ entry, state, tags }) => {
      if (state === undefined) bucket.doubt();
      else bucket.saw(state, sentAt);
      if (entry === undefined || state === undefined) return { found: undefined, mark: markOf(entry) };
      const found = bucket.judge.judge(request, { entry, state, records: tags }, bucket.scripts);
      if (found instanceof Promise) return found.then((value) => findOf(value, entry));
      return findOf(found, entry);
    });
  }

  /** What copies of an entry that are kept elsewhere are judged by. */
  async standing(key: string, tags: readonly string[]): Promise<Standing> {
    const bucket = this.#bucketOf(key);
    if (bucket.isOverdue) await bucket.reached();
    const sentAt = this.#parts.clock.now();
    const standing = await bucket.scripts.standing(key, tags);
    if (standing.state === undefined) bucket.doubt();
    else bucket.saw(standing.state, sentAt);
    return standing;
  }

  async acquire(request: LeaseRequest): Promise<LeaseReply> {
    const bucket = this.#bucketOf(request.key);
    if (bucket.isOverdue) await bucket.reached();
    // An older load of ours was invalidated; the lease it holds stores nothing any more, and would be waited for.
    this.#giveBack(this.#leases.get(request.key));
    let { seen } = request;
    for (let look = 0; look < MOST_LOOKS; look++) {
      const reply = await this.#acquire({ ...request, seen });
      if (reply.kind !== 'nothing') return reply;
      seen = reply.mark;
    }
    return { kind: 'busy', leftMs: 0 };
  }

  /** Leases end by themselves then. */
  close(): void {
    for (const lease of [...this.#leases.values()]) lease.abandon();
  }

  wait(key: string): SharedWait {
    return this.#bucketOf(key).wakes.wait(key);
  }

  /** With a bucket: those of its keys. */
  doom(tag: string | undefined, bucket?: number): void {
    const { bucketOf } = this.#parts;
    for (const lease of [...this.#leases.values()]) {
      if (tag !== undefined && !lease.tags.includes(tag)) continue;
      if (bucket === undefined || bucketOf(lease.key) === bucket) this.#giveBack(lease);
    }
  }

  async invalidateKey(key: string): Promise<void> {
    const bucket = this.#bucketOf(key);
    await this.#tell(bucket, ({ scripts }) => scripts.invalidateKey(key));
    bucket.told({ kind: 'key', names: [nameOf(key)] });
    bucket.wakes.wake(nameOf(key), 'invalidated');
  }

  async invalidateTags(tags: readonly string[], parts?: ReadonlySet<number>): Promise<void> {
    await this.#tellEach(parts, async (bucket) => {
      for (let first = 0; first < tags.length; first += MOST_TAGS) {
        const some = tags.slice(first, first + MOST_TAGS);
        await this.#tell(bucket, ({ scripts }) => scripts.invalidateTags(some, tagTtlOf(0)));
        bucket.told({ kind: 'tag', names: some.map(nameOf) });
      }
    });
  }

  async clear(parts?: ReadonlySet<number>): Promise<void> {
    await this.#tellEach(parts, async (bucket) => {
      await this.#tell(bucket, ({ scripts }) => scripts.clear());
      bucket.told({ kind: 'all', names: [''] });
    });
  }

  /**
   * An invalidation, and then the store of a load that took no time: whatever of it arrives late stores nothing, for the lease it was
   * to be stored with was dropped by what came since.
   */
  async set(key: string, value: SharedValue, mayStore: () => boolean): Promise<StoreOutcome> {
    const bucket = this.#bucketOf(key);
    if (bucket.isOverdue) await bucket.reached();
    const told = this.invalidateKey(key);
    const stored = this.#storeAtOnce(key, value, mayStore).catch((error: unknown): StoreOutcome => {
      this.#parts.onError('redis store', error);
      return 'refused';
    });
    await told;
    return stored;
  }

  async #storeAtOnce(key: string, value: SharedValue, mayStore: () => boolean): Promise<StoreOutcome> {
    const reply = await this.#acquire({ key, tags: value.tags, type: undefined, seen: undefined });
    const isWanted = mayStore();
    if (reply.kind !== 'won') return 'refused';
    if (isWanted) return reply.lease.store(value, undefined);
    await reply.lease.release('refused');
    return 'refused';
  }

  async #acquire(
    request: LeaseRequest,
  ): Promise<LeaseReply | { readonly kind: 'nothing'; readonly mark: LeaseRequest['seen'] }> {
    const { clock, random, onError } = this.#parts;
    const { key, tags, seen = '' } = request;
    const bucket = this.#bucketOf(key);
    const { scripts } = bucket;
    const token = nonceOf(random, TOKEN_LENGTH);
    const sentAt = clock.now();
    const sent = scripts.acquire({ key, tags, token, leaseMs: LEASE_MS, seen, tagTtlMs: tagTtlOf(0) });
    const reply = await sent.catch((error: unknown) => {
      // What was given up on may still arrive, and would hold the key for nobody; this comes after it on the same connection.
      if (bucket.isReachable)
        scripts.release(key, token, 'refused').catch((fault: unknown) => onError('redis lease', fault));
      throw error;
    });
    if (reply.kind === 'no state') {
      bucket.doubt();
      throw new Error('Redis has lost its state');
    }
    bucket.saw(reply.state, sentAt);
    switch (reply.kind) {
      case 'busy':
        return reply;
      case 'won':
        return { kind: 'won', lease: this.#leaseOf(request, token, reply) };
      default: {
        const { entry, state } = reply;
        const found = await bucket.judge.judge(request, { entry, state, records: reply.tags }, scripts);
        const mark = markOf(entry);
        return found === undefined ? { kind: 'nothing', mark } : { kind: 'found', found, mark };
      }
    }
  }

  #leaseOf({ key, tags }: LeaseRequest, token: string, acquired: RedisLeaseReply): RedisLease {
    const { clock, bound, copies, onError } = this.#parts;
    const bucket = this.#bucketOf(key);
    const lease = new RedisLease({
      key,
      tags,
      token,
      acquired,
      leaseMs: LEASE_MS,
      renewEvery: Math.min(bound, LEASE_MS) / 3,
      scripts: bucket.scripts,
      codec: bucket.codec,
      copies,
      clock,
      saw: (position, sentAt) => bucket.saw(position, sentAt),
      onEnd: (ended) => {
        if (this.#leases.get(key) === ended) this.#leases.delete(key);
      },
      onError,
    });
    this.#leases.set(key, lease);
    return lease;
  }

  #giveBack(lease: RedisLease | undefined): void {
    lease?.release('refused').catch((error: unknown) => this.#parts.onError('redis lease', error));
  }

  /** All are told, whichever of them cannot be. */
  async #tellEach(parts: ReadonlySet<number> | undefined, tell: (bucket: Bucket) => Promise<void>): Promise<void> {
    const { buckets } = this.#parts;
    const told = new Set<number>();
    const tellOne = async (bucket: Bucket, part: number): Promise<void> => {
      if (parts?.has(part) === false) return;
      await tell(bucket);
      told.add(part);
    };
    const ends = await Promise.allSettled(buckets.map(tellOne));
    const failed = ends.find((end) => end.status === 'rejected');
    if (failed === undefined) return;
    throw told.size === 0 ? failed.reason : new PartlyToldError(told, failed.reason);
  }

  async #tell(bucket: Bucket, tell: (bucket: Bucket) => Promise<State>): Promise<void> {
    if (bucket.isOverdue) await bucket.reached();
    const sentAt = this.#parts.clock.now();
    const state = await tell(bucket);
    bucket.saw(state, sentAt);
  }

  #bucketOf(key: string): Bucket {
    const { buckets, bucketOf } = this.#parts;
    return buckets[bucketOf(key)] as Bucket;
  }
}

type RedisLeaseReply = Extract<Awaited<ReturnType<SharedScripts['acquire']>>, { kind: 'won' }>;

function findOf(found: SharedValue | undefined, entry: Buffer): SharedFind {
  // Only who takes a lease has to say what he saw, and he found nothing.
  return { found, mark: found === undefined ? markOf(entry) : undefined };
}
