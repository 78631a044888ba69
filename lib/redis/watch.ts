import type { Cancel, Clock } from '../core/clock.js';
import type { Message } from '../coherence/message-codec.js';
import { parseMessage } from '../coherence/message-codec.js';
import type { Stream } from '../coherence/stream.js';
import type { BucketTrust } from '../coherence/trust.js';
import type { Guard } from './guard.js';
import type { LinkListener, RedisLink } from './link.js';
import type { State } from './records.js';
import type { ServerClock } from './server-clock.js';
import type { SharedScripts } from './shared-scripts.js';

export interface WatchParts {
  readonly link: RedisLink;
  readonly guard: Guard;
  readonly clock: Clock;
  readonly trust: BucketTrust;
  readonly stream: Stream;
  readonly serverClock: ServerClock;
  /** Over the guard's probe: asks whoever is there. */
  readonly scripts: SharedScripts;
  readonly channels: readonly string[];
  /** X: how long what was confirmed may be relied on, in milliseconds. */
  readonly bound: number;
  readonly onMessage: (message: Message) => void;
  /** A new connection has passed the fence. */
  readonly onReturn: () => void;
  /** Redis was reached: what waits for it may go on. */
  readonly onReached: () => void;
  readonly onError: (during: string, error: unknown) => void;
}

/** Answers of a server that is not, or not now, the one that accepts writes. */
const DEPOSED = /(?:^|[- ])(?:READONLY|NOREPLICAS|CLUSTERDOWN|MASTERDOWN|LOADING)\b/;
/** Answers of the right one, which just cannot write now. */
const RIGHT_ONE = /(?:^|[- ])(?:OOM|MISCONF)\b/;
/** When something is to be asked again, but not at once. */
const SOON = 50;

interface Pulse {
  readonly state: State;
  readonly server: string;
  readonly micros: number | undefined;
}

/** Watches over the link of one bucket: lets each new connection pass the fence, beats, and tells what became of the trust. */
export class Watch implements LinkListener {
  readonly #parts: WatchParts;
  #stopTimer: Cancel = () => undefined;
  #beating = false;
  #beganAt = Number.NEGATIVE_INFINITY;
  #beatEnds: Promise<void> = Promise.resolve();
  #beatAgain = false;
  #closed = false;
  /** When the last beat that was answered was sent; until then, when the connection was made. */
  #heardAt = 0;
  /** The connection of the last beat that was answered. */
  #passedOn: number | undefined;
  /** What was said last of a beat that failed: it is said once. */
  #complaint = '';
  #nextResubscribe = Number.NEGATIVE_INFINITY;

  constructor(parts: WatchParts) {
    this.#parts = parts;
  }

  /** Connects, and watches from then on. */
  open(): Promise<void> {
    this.#schedule(this.#interval);
    return this.#parts.link.open(this.#parts.channels, this);
  }

  close(): void {
    this.#closed = true;
    this.#stopTimer();
  }

  connected(): void {
    this.#heardAt = this.#parts.clock.now();
    // What was missed meanwhile was missed for that: it must not be taken for what is missed from now on.
    this.#parts.stream.rejoined(this.#heardAt);
    this.beat();
  }

  disconnected(): void {
    this.#parts.trust.cut();
  }

  subscribed(): void {
    this.#parts.stream.rejoined(this.#parts.clock.now());
    this.beat();
  }

  unsubscribed(): void {
    this.#parts.stream.rejoined(Number.POSITIVE_INFINITY);
  }

  message(channel: string, text: string): void {
    if (this.#parts.channels.includes(channel)) this.#parts.onMessage(parseMessage(text));
  }

  failed(error: Error): void {
    this.#parts.onError('redis connection', error);
  }

  /** A new subscription may hear what this one does not. */
  resubscribe(): void {
    const now = this.#parts.clock.now();
    if (now < this.#nextResubscribe) return;
    this.#nextResubscribe = now + this.#parts.bound;
    this.#parts.link.resubscribe();
  }

  /** Asks Redis, and resolves when it has answered, or has not. */
  look(): Promise<void> {
    this.beat();
    return this.#beatEnds;
  }

  /** Asks Redis now who it is and where its streams stand, unless it is being asked. */
  beat(): void {
    if (this.#closed) return;
    this.#beatAgain = this.#beating;
    if (!this.#beating) this.#beatEnds = this.#beat();
  }

  /** The same, but not so soon after the last time that whoever publishes nonsense could keep us at it. */
  doubt(): void {
    const since = this.#parts.clock.now() - this.#beganAt;
    if (since >= SOON || this.#beating) this.beat();
    else this.#schedule(SOON - since);
  }

  get #interval(): number {
    return this.#parts.bound / 3;
  }

  async #beat(): Promise<void> {
    this.#beating = true;
    this.#beganAt = this.#parts.clock.now();
    this.#stopTimer();
    const isPassed = await this.#ask();
    this.#beating = false;
    if (this.#closed) return;
    if (this.#beatAgain && this.#parts.link.connection !== undefined) this.beat();
    else this.#schedule(isPassed ? this.#interval : Math.min(SOON, this.#interval));
  }

  #schedule(ms: number): void {
    if (this.#closed) return;
    this.#stopTimer();
    this.#stopTimer = this.#parts.clock.after(ms, () => this.beat());
  }

  async #ask(): Promise<boolean> {
    const { link, clock, serverClock } = this.#parts;
    const { connection } = link;
    if (connection === undefined) return true;
    const sentAt = clock.now();
    const pulse = await this.#pulse();
    if (this.#closed || link.connection !== connection) return false;
    if (pulse instanceof Error) return this.#failed(pulse);
    // Without its clock nothing can be told of the age of what it holds.
    if (pulse.micros === undefined && !serverClock.knows(pulse.server)) {
      return this.#failed(new Error('Redis refuses to write, and its clock is not known yet'));
    }
    this.#passed(connection, sentAt, pulse);
    return true;
  }

  /** Both are sent at once, and in this order: the position is of a server that has passed. */
  async #pulse(): Promise<Pulse | Error> {
    const { scripts } = this.#parts;
    const [fence, beat] = await Promise.all([settled(scripts.fence()), settled(scripts.heartbeat())]);
    if (fence instanceof Error) return fence;
    if (beat instanceof Error) {
      return RIGHT_ONE.test(beat.message) ? { state: fence.state, server: fence.server, micros: undefined } : beat;
    }
    return { state: beat.state ?? fence.state, server: fence.server, micros: beat.micros };
  }

  #passed(connection: number, sentAt: number, { state, server, micros }: Pulse): void {
    const { clock, guard, trust, stream, serverClock, onReturn, onReached } = this.#parts;
    const now = clock.now();
    if (connection !== this.#passedOn) onReturn();
    this.#passedOn = connection;
    this.#heardAt = sentAt;
    this.#complaint = '';
    guard.pass(connection);
    trust.reached(sentAt);
    if (micros !== undefined) serverClock.note(server, micros / 1_000, { sentAt, receivedAt: now });
    stream.saw(state, sentAt, now);
    trust.confirm(stream.until);
    onReached();
  }

  #failed(error: unknown): boolean {
    const { clock, link, trust, bound, onError } = this.#parts;
    trust.miss();
    const message = error instanceof Error ? error.message : String(error);
    if (message !== this.#complaint) onError('redis heartbeat', error);
    this.#complaint = message;
    if (DEPOSED.test(message)) trust.depose(clock.now());
    // Half a connection, which takes what is sent and brings nothing, would stay for ever.
    if (clock.now() - this.#heardAt > bound) {
      this.#heardAt = clock.now();
      link.reconnect();
    }
    return false;
  }
}

function settled<T>(promise: Promise<T>): Promise<T | Error> {
  return promise.catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
}
