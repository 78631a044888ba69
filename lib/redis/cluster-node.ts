import type { Clock } from '../core/clock.js';
import type { NodeAddress } from '../policy/redis-cluster.js';
import type { Connection } from './connection.js';
import { DataConnection } from './data-connection.js';
import type { DriverClient } from './driver.js';
import { RedisLinkError } from './link-error.js';
import { OwnConnection, type OwnConnectionParts } from './own-connection.js';

/** Longer than any message of ours: what is cut off here is none. */
const LONGEST_TEXT = 1_000;
const RETRY = 500;

/** Whoever is on a node is told what becomes of its two connections. */
export interface Lodger {
  readonly channels: readonly string[];
  connected(): void;
  disconnected(): void;
  subscribed(): void;
  unsubscribed(): void;
  heard(channel: string, text: string): void;
}

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
  readonly #links = new Set<Lodger>();
  readonly #subscriber: Connection;
  #isClosed = false;

  constructor(parts: ClusterNodeParts) {
    const { clock, random, data, subscriber, patience, failed, lookAround } = parts;
    this.#parts = parts;
    this.#clock = clock;
    this.data = new DataConnection({
      ...{ client: data, clock, farewell: patience },
      keep: (listener) => new OwnConnection({ client: data, clock, random, listener }),
      listener: {
        up: () => this.#links.forEach((link) => link.connected()),
        down: () => {
          this.#links.forEach((link) => link.disconnected());
          lookAround();
        },
        failed,
      },
    });
    this.#subscriber = new OwnConnection({
      ...{ client: subscriber, clock, random },
      listener: {
        up: () => this.#links.forEach((link) => void this.#subscribe(link)),
        down: () => this.#links.forEach((link) => link.unsubscribed()),
        failed: (error) => {
          // The server says by itself that a slot has left it, which the driver takes for an answer.
          if (!/sunsubscribe/.test(String(error))) failed(error);
        },
      },
    });
    const hear = (channel: Buffer, text: Buffer): void => this.#hear(channel.toString(), text);
    subscriber.on('smessageBuffer', hear);
    subscriber.on('messageBuffer', hear);
    subscriber.on('moved', lookAround);
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

  attach(link: Lodger): void {
    this.#links.add(link);
    if (this.isUp) link.connected();
    if (this.#subscriber.isUp) void this.#subscribe(link);
  }

  detach(link: Lodger): void {
    this.#links.delete(link);
    link.unsubscribed();
    link.disconnected();
    if (this.#subscriber.isUp) void this.#leave(link.channels);
  }

  reconnect(): void {
    this.data.renew();
  }

  resubscribe(): void {
    this.#subscriber.renew();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([this.data.close(), this.#subscriber.close()]);
  }

  #hear(channel: string, text: Buffer): void {
    for (const link of this.#links) {
      if (link.channels.includes(channel)) link.heard(channel, text.toString('latin1', 0, LONGEST_TEXT));
    }
  }

  async #subscribe(link: Lodger): Promise<void> {
    const isWanted = (): boolean => this.#links.has(link) && !this.#isClosed;
    try {
      await this.#inTime(this.#listen(link.channels));
      if (isWanted() && this.#subscriber.isUp) link.subscribed();
    } catch (error) {
      if (!isWanted() || !this.#subscriber.isUp) return;
      const { lookAround, failed } = this.#parts;
      if (RedisLinkError.of(error).code === 'MOVED') lookAround();
      else failed(error);
      this.#clock.after(RETRY, () => {
        if (isWanted() && this.#subscriber.isUp) void this.#subscribe(link);
      });
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

  /** Where that fails, the connection is gone, or the slot is; what is heard for nobody reaches nobody. */
  async #leave(channels: readonly string[]): Promise<void> {
    const { subscriber, failed } = this.#parts;
    try {
      await this.#inTime(subscriber.sunsubscribe(...channels));
    } catch (error) {
      if (!['MOVED', undefined].includes(RedisLinkError.of(error).code)) failed(error);
    }
  }

  /** ioredis 5 leaves an ssubscribe without an end when the slot is elsewhere. */
  #inTime<T>(promise: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const stop = this.#clock.after(this.#parts.patience, () =>
        reject(new RedisLinkError('a channel was not heard in time')),
      );
      promise.then(resolve, reject).finally(stop);
    });
  }
}
