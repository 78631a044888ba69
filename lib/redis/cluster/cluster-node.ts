import type { Clock } from '../../core/clock.js';
import type { NodeAddress } from '../../policy/redis-cluster.js';
import type { BucketLink } from './bucket-link.js';
import type { Connection } from '../connection.js';
import { DataConnection } from '../data-connection.js';
import type { DriverClient } from '../driver.js';
import { RedisLinkError } from '../link-error.js';
import { OwnConnection, type OwnConnectionParts } from '../own-connection.js';

/** Longer than any message of ours: what is cut off here is none. */
const LONGEST_TEXT = 1_000;
const RETRY = 500;
const UNHEARD = 'UNHEARD';
/** A server says by itself that it hears no more for a slot that has left it. ioredis 5 takes that for an answer to something. */
const OUT_OF_STEP = /sunsubscribe|command queue state error/i;

export interface ClusterNodeParts extends Pick<OwnConnectionParts, 'clock' | 'random'> {
  readonly address: NodeAddress;
  readonly data: DriverClient;
  readonly subscriber: DriverClient;
  /** How long an end waits for what is not answered yet, and a channel for being heard, in milliseconds. */
  readonly patience: number;
  /** It was lost, or a slot is not here. */
  readonly lookAround: () => void;
  readonly failed: (error: unknown) => void;
}

/** A primary of a cluster, and two connections to it that all buckets have in common whose slots it owns. */
export class ClusterNode {
  readonly data: DataConnection;
  readonly #parts: ClusterNodeParts;
  readonly #clock: Clock;
  /** With the attempt at hearing its channels that counts. */
  readonly #links = new Map<BucketLink, number>();
  readonly #subscriber: Connection;
  #attempts = 0;
  /** Attempts under way. */
  #subscribing = 0;
  #isClosed = false;

  constructor(parts: ClusterNodeParts) {
    const { clock, random, data, subscriber, patience, failed, lookAround } = parts;
    this.#parts = parts;
    this.#clock = clock;
    this.data = new DataConnection({
      ...{ client: data, clock, farewell: patience },
      keep: (listener) => new OwnConnection({ client: data, clock, random, listener }),
      listener: {
        up: () => this.#each((link) => link.connected()),
        down: () => {
          this.#each((link) => link.disconnected());
          lookAround();
        },
        failed,
      },
    });
    this.#subscriber = new OwnConnection({
      ...{ client: subscriber, clock, random },
      listener: {
        up: () => this.#each((link) => void this.#subscribe(link)),
        down: () => this.#each((link) => link.unsubscribed()),
        failed: (error) => {
          if (OUT_OF_STEP.test(String(error))) this.#slotLeft();
          else failed(error);
        },
      },
    });
    const hear = (channel: Buffer, text: Buffer): void => this.#hear(channel.toString(), text);
    subscriber.on('smessageBuffer', hear);
    subscriber.on('messageBuffer', hear);
    // Told of an answer to us, too, which says nothing of what is heard already.
    subscriber.on('moved', () => (this.#subscribing > 0 ? lookAround() : this.#slotLeft()));
  }

  get isUp(): boolean {
    return this.data.number !== undefined;
  }

  get isIdle(): boolean {
    return this.#links.size === 0;
  }

  start(): void {
    this.data.start();
    this.#subscriber.start();
  }

  attach(link: BucketLink): void {
    this.#links.set(link, 0);
    if (this.isUp) link.connected();
    if (this.#subscriber.isUp) void this.#subscribe(link);
  }

  detach(link: BucketLink): void {
    this.#links.delete(link);
    // What is heard for nobody reaches nobody.
    link.unsubscribed();
    link.disconnected();
  }

  /** For one bucket that is served no more; where others are answered, the connection is none the worse. */
  reconnect(): void {
    if (this.data.silence >= this.#parts.patience) this.data.renew();
  }

  resubscribe(): void {
    this.#subscriber.renew();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([this.data.close(), this.#subscriber.close()]);
  }

  #hear(channel: string, text: Buffer): void {
    for (const link of this.#links.keys()) {
      if (link.channels.includes(channel)) link.heard(channel, text.toString('latin1', 0, LONGEST_TEXT));
    }
  }

  #each(tell: (link: BucketLink) => void): void {
    for (const link of [...this.#links.keys()]) tell(link);
  }

  /** It may be back by the time that somebody looks: whoever is here then has to be heard anew. */
  #slotLeft(): void {
    this.#subscriber.renew();
    this.#parts.lookAround();
  }

  async #subscribe(link: BucketLink): Promise<void> {
    const attempt = ++this.#attempts;
    this.#links.set(link, attempt);
    const counts = (): boolean => !this.#isClosed && this.#subscriber.isUp && this.#links.get(link) === attempt;
    this.#subscribing++;
    try {
      await this.#inTime(this.#listen(link.channels));
      if (counts()) link.subscribed();
    } catch (error) {
      if (!counts()) return;
      const { lookAround, failed } = this.#parts;
      lookAround();
      if (!['MOVED', UNHEARD].includes(RedisLinkError.of(error).code ?? '')) failed(error);
      this.#clock.after(RETRY, () => {
        if (counts()) void this.#subscribe(link);
      });
    } finally {
      this.#subscribing--;
    }
  }

  /** A server before Redis 7 knows no channels of shards, and there the scripts publish to all. */
  async #listen(channels: readonly string[]): Promise<unknown> {
    const { subscriber } = this.#parts;
    try {
      return await subscriber.ssubscribe(...channels);
    } catch (error) {
      if (!/unknown command/i.test(String(error))) throw error;
      return subscriber.subscribe(...channels);
    }
  }

  /** ioredis 5 leaves an ssubscribe without an end when the slot is elsewhere. */
  #inTime<T>(promise: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const stop = this.#clock.after(this.#parts.patience, () =>
        reject(new RedisLinkError('a channel was not heard in time', UNHEARD)),
      );
      promise.then(resolve, reject).finally(stop);
    });
  }
}
