import type { Clock } from '../core/clock.js';
import type { Random } from '../core/random.js';
import type { Invalidation } from '../coherence/message-codec.js';
import type { Trust } from '../coherence/trust.js';
import type { Serializer } from '../policy/redis-options.js';
import type { Voucher } from '../tiers/shared-tier.js';
import { Bucket } from './bucket.js';
import { Copies } from './copies.js';
import type { DigestNames } from './digest-names.js';
import { BucketKeys } from './keys.js';
import type { RedisLink } from './link.js';
import { RedisTier } from './redis.tier.js';
import type { CopyKeeping } from './shared-scripts.js';

/** What invalidations of other processes do to this one: to the keys of the bucket that told of them, where there are several. */
export interface InvalidationEffects {
  key(key: string): void;
  tag(tag: string, bucket: number | undefined): void;
  all(bucket: number | undefined): void;
}

export interface BondParts {
  /** One for each bucket. */
  readonly links: readonly RedisLink[];
  readonly clock: Clock;
  readonly random: Random;
  readonly trust: Trust;
  readonly prefix: string;
  readonly cache: string;
  readonly bucketOf: (key: string) => number;
  /** X, in milliseconds. */
  readonly bound: number;
  /** How long an answer is waited for. */
  readonly limit: number;
  readonly serializer: Serializer | undefined;
  /** Whether there are tiers behind Redis. */
  readonly copies: CopyKeeping;
  /** What memory holds. */
  readonly names: DigestNames;
  readonly effects: InvalidationEffects;
  readonly onReached: () => void;
  readonly onError: (during: string, error: unknown) => void;
}

/** All that binds a cache to Redis: the buckets, and the tier that they are together. */
export class RedisBond {
  readonly tier: RedisTier;
  /** Vouches for what tiers behind Redis hold. */
  readonly voucher: Voucher;
  readonly #parts: BondParts;
  readonly #buckets: readonly Bucket[];

  constructor(parts: BondParts) {
    this.#parts = parts;
    this.#buckets = parts.links.map((link, bucket) => this.#bucketOn(link, bucket));
    const { clock, random, bound, bucketOf, onError, copies } = parts;
    this.tier = new RedisTier({
      ...{ clock, random, bound, bucketOf, onError },
      ...{ buckets: this.#buckets, copies },
    });
    this.voucher = new Copies({
      codecOf: (key) => (this.#buckets[bucketOf(key)] as Bucket).codec,
      standing: (key, tags) => this.tier.standing(key, tags),
    });
  }

  /** Connects, and goes on trying; rejects only for what trying again cannot cure. */
  async open(): Promise<void> {
    await Promise.all(this.#buckets.map((bucket) => bucket.open()));
  }

  async close(): Promise<void> {
    for (const bucket of this.#buckets) bucket.stop();
    this.tier.close();
    await Promise.all(this.#buckets.map((bucket) => bucket.close()));
  }

  #bucketOn(link: RedisLink, bucket: number): Bucket {
    const { prefix, cache, clock, random, trust, bound, limit, serializer, onReached, onError } = this.#parts;
    return new Bucket({
      ...{ link, clock, random, bound, limit, serializer, onReached, onError },
      keys: new BucketKeys({ prefix, cache, bucket, audience: link.audience }),
      trust: trust.buckets[bucket] as Trust['buckets'][number],
      apply: (invalidation) => this.#apply(invalidation, bucket),
    });
  }

  /** An invalidated key has lost its lease, and nobody else wakes those who wait for that. */
  #apply(invalidation: Invalidation, from: number): void {
    const { links, effects, names } = this.#parts;
    const bucket = links.length === 1 ? undefined : from;
    if (invalidation.kind === 'all') {
      this.tier.doom(undefined, bucket);
      return effects.all(bucket);
    }
    const { kind, name } = invalidation;
    if (kind === 'key') this.#buckets[from]?.wakes.wake(name, 'invalidated');
    const text = names.textOf(name);
    // Memory has nothing of that name; what is on its way may have.
    if (text === undefined) return effects.tag(name, bucket);
    if (kind === 'key') return effects.key(text);
    this.tier.doom(text, bucket);
    effects.tag(text, bucket);
  }
}
