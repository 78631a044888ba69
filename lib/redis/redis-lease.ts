import type { Position } from '../coherence/stream.js';
import type { Cancel, Clock } from '../core/clock.js';
import type { ReleaseReason, SharedLease, SharedMark, SharedValue, StoreOutcome } from '../tiers/shared-tier.js';
import type { RecordParts } from '../wire/entry-codec.js';
import type { RevivedClass } from '../wire/value-writer.js';
import { NotWritableError } from '../wire/wire-errors.js';
import { lifeOf, tagTtlOf } from './lifetimes.js';
import type { RecordCodec } from './record-codec.js';
import type { Acquired, CopyKeeping, SharedScripts } from './shared-scripts.js';

export interface LeaseParts {
  readonly key: string;
  readonly tags: readonly string[];
  readonly token: string;
  readonly acquired: Extract<Acquired, { kind: 'won' }>;
  readonly leaseMs: number;
  readonly renewEvery: number;
  readonly scripts: SharedScripts;
  readonly codec: RecordCodec;
  readonly copies: CopyKeeping;
  readonly clock: Clock;
  readonly saw: (position: Position, sentAt: number) => void;
  readonly onEnd: (lease: RedisLease) => void;
  readonly onError: (during: string, error: unknown) => void;
}

/** A lease in Redis: held by a token, renewed until it is used or given back. */
export class RedisLease implements SharedLease {
  readonly key: string;
  readonly tags: readonly string[];
  readonly #parts: LeaseParts;
  #stopRenewing: Cancel;
  #isOver = false;

  constructor(parts: LeaseParts) {
    this.key = parts.key;
    this.tags = parts.tags;
    this.#parts = parts;
    this.#stopRenewing = this.#renewLater();
  }

  store(value: SharedValue, type: RevivedClass | undefined): Promise<StoreOutcome> {
    return this.putBack(value, type, undefined);
  }

  async putBack(value: SharedValue, type: RevivedClass | undefined, mark: SharedMark): Promise<StoreOutcome> {
    if (this.#isOver) return 'refused';
    // In the order of their versions: those that were known before the load stand first.
    const known = new Set(this.tags);
    const lateTags = value.tags.filter((tag) => !known.has(tag));
    let record: RecordParts;
    try {
      record = this.#parts.codec.encode(this.key, { ...value, tags: [...this.tags, ...lateTags] }, type, mark);
    } catch (error) {
      await this.release('nothing');
      if (error instanceof NotWritableError) return { unwritable: error.reason };
      throw error;
    }
    this.#end();
    return this.#store(value, lateTags, record);
  }

  async release(reason: ReleaseReason): Promise<void> {
    if (this.#isOver) return;
    this.#end();
    await this.#parts.scripts.release(this.key, this.#parts.token, reason);
  }

  /** Leaves it to its end. */
  abandon(): void {
    if (!this.#isOver) this.#end();
  }

  async #store(value: SharedValue, lateTags: readonly string[], { head, tail }: RecordParts): Promise<StoreOutcome> {
    const { scripts, clock, token, acquired, saw, copies } = this.#parts;
    const sentAt = clock.now();
    const ttlMs = lifeOf(value, sentAt);
    const reply = await scripts.store({
      key: this.key,
      token,
      tags: this.tags,
      lateTags,
      acquired,
      head,
      tail,
      ttlMs,
      tagTtlMs: tagTtlOf(ttlMs),
      copies,
    });
    if (reply.state !== undefined) saw(reply.state, sentAt);
    if (reply.kind === 'refused' || copies === 'not kept') return reply.kind;
    const bytes = Buffer.concat([head, Buffer.from(reply.versions.join(''), 'latin1'), tail]);
    return { copy: { bytes, freshUntil: value.freshUntil } };
  }

  #end(): void {
    this.#isOver = true;
    this.#stopRenewing();
    this.#parts.onEnd(this);
  }

  #renewLater(): Cancel {
    return this.#parts.clock.after(this.#parts.renewEvery, () => void this.#renew());
  }

  /** One that is lost is not taken again: the load that took it may see what it must not store. A renewal that fails is tried again. */
  async #renew(): Promise<void> {
    const { scripts, token, leaseMs, onError } = this.#parts;
    let isOurs = true;
    try {
      isOurs = await scripts.renew(this.key, token, leaseMs);
    } catch (error) {
      onError('redis lease', error);
    }
    if (this.#isOver) return;
    if (isOurs) this.#stopRenewing = this.#renewLater();
    else this.#end();
  }
}
