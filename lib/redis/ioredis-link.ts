import type { Clock } from '../core/clock.js';
import type { Warn } from '../core/observer.js';
import type { Random } from '../core/random.js';
import type { RedisSettings } from '../policy/resolve-redis.js';
import { databaseOf } from './client-options.js';
import { Complaints } from './complaints.js';
import type { Connection, ConnectionListener } from './connection.js';
import { type DriverClient, loadDriver } from './driver.js';
import { LentConnection } from './lent-connection.js';
import type { LinkListener, RedisLink } from './link.js';
import { lentClients, type LinkClients, ownClients } from './link-clients.js';
import { RedisLinkError } from './link-error.js';
import { OwnConnection } from './own-connection.js';
import { type ScriptCall, ScriptRunner } from './scripts.js';

/** Longer than any message of ours: what is cut off here is none. */
const LONGEST_TEXT = 1_000;

export interface IoredisLinkParts {
  readonly settings: RedisSettings;
  /** What Redis calls the connections in `CLIENT LIST`: no spaces. */
  readonly name: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly warn: Warn;
  /** Loads the driver. Default: imports ioredis. */
  readonly load?: () => Promise<unknown>;
}

/** The link over ioredis 5 or 6: its own connections, or the one of a client of the user's and one beside it. */
export class IoredisLink implements RedisLink {
  readonly database: number;
  readonly #parts: IoredisLinkParts;
  readonly #lent: DriverClient | undefined;
  /** None any more once it is closed. */
  #listener: LinkListener | undefined;
  #data: Connection | undefined;
  #subscriber: Connection | undefined;
  #runner: ScriptRunner | undefined;
  #connections = 0;
  #unanswered = 0;
  #onAnswered: () => void = () => undefined;
  #closing: Promise<void> | undefined;

  constructor(parts: IoredisLinkParts) {
    const { target } = parts.settings;
    this.#parts = parts;
    this.#lent = target.client() as DriverClient | undefined;
    this.database = this.#lent === undefined ? Number(target.connection()['db'] ?? 0) : databaseOf(this.#lent);
  }

  get connection(): number | undefined {
    return this.#closing === undefined && this.#data?.isUp === true ? this.#connections : undefined;
  }

  async open(channels: readonly string[], listener: LinkListener): Promise<void> {
    const clients = await this.#clients();
    if (this.#closing !== undefined) return;
    this.#listener = listener;
    for (const warning of clients.warnings) this.#parts.warn(warning);
    const complaints = new Complaints(this.#parts.clock, (error) => this.#listener?.failed(error));
    const failed = (error: unknown): void => complaints.add(error);
    this.#data = this.#dataConnection(clients.data, failed);
    this.#subscriber = this.#subscribedConnection(clients.subscriber, channels, failed);
    this.#data.start();
    this.#subscriber.start();
  }

  run(call: ScriptCall): Promise<unknown> {
    return this.#ask((runner) => runner.run(call));
  }

  mget(keys: readonly string[]): Promise<readonly (Buffer | null)[]> {
    return this.#ask((runner) => runner.mget(keys));
  }

  resubscribe(): void {
    this.#subscriber?.renew();
  }

  reconnect(): void {
    this.#data?.renew();
  }

  afterArrivals(task: () => void): void {
    setImmediate(task);
  }

  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #clients(): Promise<LinkClients> {
    const { settings, load } = this.#parts;
    const name = `layercache:${this.#parts.name}`;
    if (this.#lent !== undefined) return lentClients(this.#lent, name);
    return ownClients(settings.target, name, await loadDriver(load));
  }

  #dataConnection(client: DriverClient, failed: ConnectionListener['failed']): Connection {
    const listener: ConnectionListener = {
      up: () => {
        this.#connections++;
        this.#runner = new ScriptRunner(client);
        this.#listener?.connected();
      },
      down: () => this.#listener?.disconnected(),
      failed,
    };
    return client === this.#lent ? new LentConnection(client, listener) : this.#own(client, listener);
  }

  #subscribedConnection(
    client: DriverClient,
    channels: readonly string[],
    failed: ConnectionListener['failed'],
  ): Connection {
    const listener: ConnectionListener = {
      up: () => this.#listener?.subscribed(),
      down: () => this.#listener?.unsubscribed(),
      failed,
    };
    const connection = this.#own(client, listener, () => client.subscribe(...channels));
    client.on('messageBuffer', (channel: Buffer, text: Buffer) => {
      if (!connection.isUp) return;
      this.#listener?.message(channel.toString(), text.toString('latin1', 0, LONGEST_TEXT));
    });
    return connection;
  }

  #own(client: DriverClient, listener: ConnectionListener, prepare?: () => Promise<unknown>): Connection {
    const { clock, random } = this.#parts;
    return new OwnConnection({ client, clock, random, listener, ...(prepare !== undefined && { prepare }) });
  }

  #ask<T>(send: (runner: ScriptRunner) => Promise<T>): Promise<T> {
    if (this.#runner === undefined || this.connection === undefined) {
      return Promise.reject(new RedisLinkError('there is no connection to Redis', 'NOCONNECTION'));
    }
    this.#unanswered++;
    return send(this.#runner).then(this.#replied, this.#failed) as Promise<T>;
  }

  readonly #replied = (reply: unknown): unknown => {
    if (--this.#unanswered === 0) this.#onAnswered();
    return reply;
  };

  readonly #failed = (error: unknown): never => {
    if (--this.#unanswered === 0) this.#onAnswered();
    throw RedisLinkError.of(error);
  };

  async #end(): Promise<void> {
    this.#listener = undefined;
    await this.#answered();
    await Promise.all([this.#data?.close(), this.#subscriber?.close()]);
  }

  /** As long as a command may take, and no longer. */
  #answered(): Promise<void> {
    return new Promise((resolve) => {
      const stopWaiting = this.#parts.clock.after(this.#parts.settings.commandTimeout, resolve);
      this.#onAnswered = () => {
        stopWaiting();
        resolve();
      };
      if (this.#unanswered === 0) this.#onAnswered();
    });
  }
}
