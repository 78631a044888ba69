import type { ConnectionOptions } from './redis-address.js';
import type { ClusterAddress } from './redis-cluster.js';
import type { RedisClient } from './redis-options.js';

/** Where Redis is. It may know a password, so it has nothing that printing it would show: no fields, no getters. */
export class RedisTarget {
  readonly #client: RedisClient | undefined;
  readonly #connection: ConnectionOptions;
  readonly #cluster: ClusterAddress | undefined;

  private constructor({ client, connection = {}, cluster }: Place) {
    this.#client = client;
    this.#connection = connection;
    this.#cluster = cluster;
    Object.freeze(this);
  }

  static ofClient(client: RedisClient): RedisTarget {
    return new RedisTarget({ client });
  }

  static ofConnection(connection: ConnectionOptions): RedisTarget {
    return new RedisTarget({ connection: Object.freeze({ ...connection }) });
  }

  static ofCluster(cluster: ClusterAddress): RedisTarget {
    return new RedisTarget({ cluster });
  }

  /** The user's own; undefined where one is to be made. */
  client(): RedisClient | undefined {
    return this.#client;
  }

  /** What a client is to be made with; nothing where there is one. */
  connection(): ConnectionOptions {
    return this.#connection;
  }

  /** Undefined where it is one Redis. */
  cluster(): ClusterAddress | undefined {
    return this.#cluster;
  }
}

interface Place {
  readonly client?: RedisClient;
  readonly connection?: ConnectionOptions;
  readonly cluster?: ClusterAddress;
}
