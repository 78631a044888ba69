import type { Clock } from '../core/clock.js';
import type { Random } from '../core/random.js';
import type { Invalidation, Message } from '../coherence/message-codec.js';
import { Stream } from '../coherence/stream.js';
import type { Trust } from '../coherence/trust.js';
import type { Serializer } from '../policy/redis-options.js';
import type { DigestNames } from './digest-names.js';
import { EntryJudge } from './entry-judge.js';
import { Guard } from './guard.js';
import { BucketKeys } from './keys.js';
import type { RedisLink } from './link.js';
import { nonceOf } from './nonces.js';
import { RecordCodec } from './record-codec.js';
import { type Bucket, RedisTier } from './redis.tier.js';
import type { ScriptPort } from './scripts.js';
import { ServerClock } from './server-clock.js';
import { SharedScripts } from './shared-scripts.js';
import { Wakes } from './wakes.js';
import { Watch } from './watch.js';

/** What invalidations of other processes do to this one. */
export interface InvalidationEffects {
  key(key: string): void;
  tag(tag: string): void;
  all(): void;
}

export interface BondParts {
  readonly link: RedisLink;
  readonly clock: Clock;
  readonly random: Random;
  readonly trust: Trust;
  readonly prefix: string;
  readonly cache: string;
  readonly buckets: number;
  readonly bucketOf: (key: string) => number;
  /** X, in milliseconds. */
  readonly bound: number;
  /** How long an answer is waited for. */
  readonly limit: number;
  readonly serializer: Serializer | undefined;
  /** What memory holds. */
  readonly names: DigestNames;
  readonly effects: InvalidationEffects;
  readonly onReached: () => void;
  readonly onError: (during: string, error: unknown) => void;
}

const NONCE_LENGTH = 15;
const STAMP_LENGTH = 12;

/** All that binds a cache to Redis: the tier, the watch over the link, and the ear for what is published. */
export class RedisBond {
  readonly tier: RedisTier;
  readonly #parts: BondParts;
  readonly #guard: Guard;
  readonly #watch: Watch;
  readonly #wakes = new Wakes();
  readonly #streams: readonly Stream[];

  constructor(parts: BondParts) {
    this.#parts = parts;
    const { link, clock, random, trust, bound, limit } = parts;
    const serverClock = new ServerClock();
    this.#guard = new Guard({ link, clock, limit });
    this.#streams = Array.from({ length: parts.buckets }, (_, bucket) => this.#streamOf(bucket));
    const keys = this.#streams.map((_, bucket) => this.#keysOf(bucket));
    const scriptsOf = (port: ScriptPort, bucket: number): SharedScripts =>
      new SharedScripts(port, keys[bucket] as BucketKeys, (announcements) => this.#nonce(bucket, announcements));
    const probes = this.#streams.map((_, bucket) => scriptsOf(this.#guard.probe, bucket));
    const scripts = this.#streams.map((_, bucket) => scriptsOf(this.#guard, bucket));
    this.#watch = new Watch({
      ...{
        link,
        clock,
        trust,
        bound,
        serverClock,
        guard: this.#guard,
        onReached: parts.onReached,
        onError: parts.onError,
      },
      buckets: this.#streams.map((stream, bucket) => ({
        stream,
        scripts: probes[bucket] as SharedScripts,
        channels: [keys[bucket]?.invalidations ?? '', keys[bucket]?.wakes ?? ''],
      })),
      onMessage: (bucket, message) => this.#hear(bucket, message),
    });
    const codec = new RecordCodec({
      serverClock,
      serializer: parts.serializer,
      stamp: () => nonceOf(random, STAMP_LENGTH),
    });
    this.tier = new RedisTier({
      ...{ clock, random, trust, codec, bound, bucketOf: parts.bucketOf, onError: parts.onError },
      judge: new EntryJudge(codec, parts.onError),
      ...{ guard: this.#guard, watch: this.#watch, wakes: this.#wakes },
      buckets: this.#streams.map((stream, bucket): Bucket => ({ stream, scripts: scripts[bucket] as SharedScripts })),
    });
  }

  /** Connects, and goes on trying; rejects only for what trying again cannot cure. */
  open(): Promise<void> {
    return this.#watch.open();
  }

  async close(): Promise<void> {
    this.#watch.close();
    this.tier.close();
    await this.#parts.link.close();
    this.#guard.close();
    this.#wakes.wakeAll('lost');
  }

  #nonce(bucket: number, announcements: number): string {
    const nonce = nonceOf(this.#parts.random, NONCE_LENGTH);
    if (announcements > 0) this.#streams[bucket]?.announce(nonce, announcements);
    return nonce;
  }

  #keysOf(bucket: number): BucketKeys {
    const { prefix, cache, link } = this.#parts;
    return new BucketKeys({ prefix, cache, bucket, database: link.database });
  }

  #streamOf(bucket: number): Stream {
    const { trust, clock, bound } = this.#parts;
    const lost = (): void => {
      trust.lose(bucket, clock.now());
      this.#wakes.wakeAll('lost');
    };
    return new Stream(bound, {
      apply: (invalidation) => this.#apply(invalidation),
      lost,
      doubt: () => this.#watch.doubt(),
      deaf: () => this.#watch.resubscribe(),
    });
  }

  #hear(bucket: number, message: Message): void {
    if (message.kind === 'unknown') return this.#watch.doubt();
    if (message.kind === 'wake') return this.#wakes.wake(message.name, message.reason);
    const stream = this.#streams[bucket] as Stream;
    stream.heard(message, this.#parts.clock.now());
    this.#parts.trust.confirm(bucket, stream.until);
  }

  /** An invalidated key has lost its lease, and nobody else wakes those who wait for that. */
  #apply(invalidation: Invalidation): void {
    const { effects, names } = this.#parts;
    if (invalidation.kind === 'all') {
      this.tier.doom(undefined);
      return effects.all();
    }
    const { kind, name } = invalidation;
    if (kind === 'key') this.#wakes.wake(name, 'invalidated');
    const text = names.textOf(name);
    // Memory has nothing of that name; what is on its way may have.
    if (text === undefined) return effects.tag(name);
    if (kind === 'key') return effects.key(text);
    this.tier.doom(text);
    effects.tag(text);
  }
}
