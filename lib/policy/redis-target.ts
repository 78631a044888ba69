import type { RedisClient } from './redis-options.js';

/** Options of a client, as ioredis takes them. */
export type ConnectionOptions = Readonly<Record<string, unknown>>;

/** Where Redis is. It may know a password, so it has nothing that printing it would show: no fields, no getters. */
export class RedisTarget {
  readonly #client: RedisClient | undefined;
  readonly #connection: ConnectionOptions;

  private constructor(client: RedisClient | undefined, connection: ConnectionOptions) {
    this.#client = client;
    this.#connection = connection;
    Object.freeze(this);
  }

  static ofClient(client: RedisClient): RedisTarget {
    return new RedisTarget(client, {});
  }

  static ofConnection(connection: ConnectionOptions): RedisTarget {
    return new RedisTarget(undefined, Object.freeze({ ...connection }));
  }

  /** The user's own; undefined where one is to be made. */
  client(): RedisClient | undefined {
    return this.#client;
  }

  /** What a client is to be made with; nothing where there is one. */
  connection(): ConnectionOptions {
    return this.#connection;
  }
}
