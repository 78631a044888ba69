import type { Clock } from '../core/clock.js';
import type { Warn } from '../core/observer.js';
import type { Random } from '../core/random.js';
import type { RedisSettings } from '../policy/resolve-redis.js';
import { databaseOf } from './client-options.js';
import { Complaints } from './complaints.js';
import type { Connection, ConnectionListener } from './connection.js';
import { DataConnection } from './data-connection.js';
import { type DriverClient, loadDriver } from './driver.js';
import { LentConnection } from './lent-connection.js';
import type { LinkListener, RedisLink } from './link.js';
import { lentClients, type LinkClients, ownClients } from './link-clients.js';
import { RedisLinkError } from './link-error.js';
import { OwnConnection } from './own-connection.js';
import type { ScriptCall } from './scripts.js';

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
  readonly audience: string;
  readonly #parts: IoredisLinkParts;
  readonly #lent: DriverClient | undefined;
  /** None any more once it is closed. */
  #listener: LinkListener | undefined;
  #data: DataConnection | undefined;
  #subscriber: Connection | undefined;
  #closing: Promise<void> | undefined;

  constructor(parts: IoredisLinkParts) {
    const { target } = parts.settings;
    this.#parts = parts;
    this.#lent = target.client() as DriverClient | undefined;
    const database = this.#lent === undefined ? Number(target.connection()['db'] ?? 0) : databaseOf(this.#lent);
    this.audience = String(database);
  }

  get connection(): number | undefined {
    return this.#usable?.number;
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
    return this.#usable?.run(call) ?? Promise.reject(noConnection());
  }

  mget(keys: readonly string[]): Promise<readonly (Buffer | null)[]> {
    return this.#usable?.mget(keys) ?? Promise.reject(noConnection());
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

  get #usable(): DataConnection | undefined {
    return this.#closing === undefined ? this.#data : undefined;
  }

  async #clients(): Promise<LinkClients> {
    const { settings, load } = this.#parts;
    const name = `layercache:${this.#parts.name}`;
    if (this.#lent !== undefined) return lentClients(this.#lent, name);
    return ownClients(settings.target, name, await loadDriver(load));
  }

  #dataConnection(client: DriverClient, failed: ConnectionListener['failed']): DataConnection {
    const { clock, settings } = this.#parts;
    return new DataConnection({
      ...{ client, clock, farewell: settings.commandTimeout },
      keep: (listener) => (client === this.#lent ? new LentConnection(client, listener) : this.#own(client, listener)),
      listener: {
        up: () => this.#listener?.connected(),
        down: () => this.#listener?.disconnected(),
        failed,
      },
    });
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

  async #end(): Promise<void> {
    this.#listener = undefined;
    await Promise.all([this.#data?.close(), this.#subscriber?.close()]);
  }
}

function noConnection(): RedisLinkError {
  return new RedisLinkError('there is no connection to Redis', 'NOCONNECTION');
}
