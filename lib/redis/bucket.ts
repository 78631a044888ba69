import type { Clock } from '../core/clock.js';
import type { Random } from '../core/random.js';
import type { Invalidation, Message } from '../coherence/message-codec.js';
import { type Position, Stream, type StreamLoss } from '../coherence/stream.js';
import type { BucketTrust } from '../coherence/trust.js';
import type { Serializer } from '../policy/redis-options.js';
import { EntryJudge } from './entry-judge.js';
import { Guard, RedisUnavailableError } from './guard.js';
import type { BucketKeys } from './keys.js';
import { LateListeners, type Told } from './late-listeners.js';
import type { RedisLink } from './link.js';
import { nonceOf } from './nonces.js';
import { RecordCodec } from './record-codec.js';
import type { ScriptPort } from './scripts.js';
import { ServerClock } from './server-clock.js';
import { SharedScripts } from './shared-scripts.js';
import { Wakes } from './wakes.js';
import { Watch } from './watch.js';

export interface BucketParts {
  readonly link: RedisLink;
  readonly keys: BucketKeys;
  readonly clock: Clock;
  readonly random: Random;
  readonly trust: BucketTrust;
  /** X, in milliseconds. */
  readonly bound: number;
  /** How long an answer is waited for. */
  readonly limit: number;
  readonly serializer: Serializer | undefined;
  /** An invalidation that this process did not make itself. */
  readonly apply: (invalidation: Invalidation) => void;
  readonly onReached: () => void;
  readonly onError: (during: string, error: unknown) => void;
}

const NONCE_LENGTH = 15;
const STAMP_LENGTH = 12;

/** One part of what Redis holds, on a server of its own, or as if: how it is read and written, watched, heard, and told the time by. */
export class Bucket {
  readonly scripts: SharedScripts;
  readonly codec: RecordCodec;
  readonly judge: EntryJudge;
  readonly wakes = new Wakes();
  readonly #parts: BucketParts;
  readonly #guard: Guard;
  readonly #watch: Watch;
  readonly #late: LateListeners;
  readonly #stream: Stream;

  constructor(parts: BucketParts) {
    this.#parts = parts;
    const { link, keys, clock, random, trust, bound, limit, serializer, onReached, onError } = parts;
    const serverClock = new ServerClock();
    this.#guard = new Guard({ link, clock, limit });
    this.#stream = new Stream(bound, {
      apply: parts.apply,
      lost: (loss) => this.#lose(loss),
      doubt: () => this.doubt(),
      deaf: () => this.#watch.resubscribe(),
    });
    this.scripts = this.#scriptsOver(this.#guard);
    this.#late = new LateListeners({ clock, bound, onError, announce: (told) => this.scripts.announce(told) });
    this.#watch = new Watch({
      ...{ link, clock, trust, bound, serverClock, onReached, onError },
      ...{ guard: this.#guard, stream: this.#stream, scripts: this.#scriptsOver(this.#guard.probe) },
      channels: [keys.invalidations, keys.wakes],
      onMessage: (message) => this.#hear(message),
      onReturn: () => this.#late.returned(),
    });
    this.codec = new RecordCodec({ serverClock, serializer, stamp: () => nonceOf(random, STAMP_LENGTH) });
    this.judge = new EntryJudge(this.codec, onError);
  }

  /** Connects, and goes on trying; rejects only for what trying again cannot cure. */
  open(): Promise<void> {
    return this.#watch.open();
  }

  /** Nothing is watched any more; what is on its way may still be answered. */
  stop(): void {
    this.#watch.close();
    this.#late.stop();
  }

  async close(): Promise<void> {
    await this.#parts.link.close();
    this.#guard.close();
    this.wakes.wakeAll('lost');
  }

  /** Also where it can be asked first whether it still is the one to ask. */
  get isReachable(): boolean {
    const { trust, clock } = this.#parts;
    return this.#guard.isOpen && trust.mayBeReached(clock.now());
  }

  /** This process stood still, and nobody has looked since whether the world is what it was. */
  get isOverdue(): boolean {
    const { trust, clock } = this.#parts;
    return !trust.isReachable(clock.now());
  }

  async reached(): Promise<void> {
    await this.#watch.look();
    // What was under way may have been sent before this process stood still.
    if (this.isOverdue) await this.#watch.look();
    if (this.isOverdue) throw new RedisUnavailableError('Redis cannot be reached now');
  }

  /** A reply told where the stream stands; its request was sent at `sentAt`. */
  saw(position: Position, sentAt: number): void {
    const { trust, clock } = this.#parts;
    this.#stream.saw(position, sentAt, clock.now());
    trust.confirm(this.#stream.until);
  }

  /** Redis has been told of an invalidation. */
  told(told: Told): void {
    this.#late.told(told);
  }

  /** What came does not fit what is known. */
  doubt(): void {
    this.#watch.doubt();
  }

  #hear(message: Message): void {
    const { trust, clock } = this.#parts;
    if (message.kind === 'unknown') return this.doubt();
    if (message.kind === 'wake') return this.wakes.wake(message.name, message.reason);
    this.#stream.heard(message, clock.now());
    trust.confirm(this.#stream.until);
  }

  #lose(loss: StreamLoss): void {
    const { trust, clock } = this.#parts;
    trust.lose(clock.now(), loss);
    this.wakes.wakeAll('lost');
  }

  #scriptsOver(port: ScriptPort): SharedScripts {
    return new SharedScripts(port, this.#parts.keys, (announcements) => this.#nonce(announcements));
  }

  #nonce(announcements: number): string {
    const nonce = nonceOf(this.#parts.random, NONCE_LENGTH);
    if (announcements > 0) this.#stream.announce(nonce, announcements);
    return nonce;
  }
}
