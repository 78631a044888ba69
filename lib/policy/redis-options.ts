import type { Duration } from './duration.js';

/** Turns values into bytes and back, in place of the cache's own format. It is told nothing else about an entry. */
export interface Serializer {
  /** The value as text or bytes. What it cannot keep it must refuse by throwing. */
  serialize(value: unknown): Uint8Array | string;
  /** A throw makes the entry a miss. */
  deserialize(bytes: Uint8Array): unknown;
}

/** What a client of your own must have: `Redis` of ioredis 5.4 or later, or 6, has it. */
export interface RedisClient {
  /** Such as `'ready'`. */
  readonly status: string;
  /** Such as `'normal'`. */
  readonly mode: string;
  /** What it was made with. */
  readonly options: object;
  /** Connects, if it was made not to do so by itself. */
  connect(): Promise<unknown>;
  /** Breaks its connection, to make a new one if so told. */
  disconnect(reconnect?: boolean): void;
  /** Another client to the same Redis. */
  duplicate(override?: object): object;
}

/** What a `Cluster` of your own must have: that of ioredis 5.4 or later, or 6, has it. */
export interface RedisClusterClient {
  /** True. */
  readonly isCluster: boolean;
  /** What it was made with. */
  readonly options: object;
}

/** A node of a cluster: its host and port, `redis://` with both, `rediss://` for TLS, or a port of this machine. */
export type RedisNode = string | number | RedisNodeAddress;

/** A node of a cluster, as ioredis has it. */
export interface RedisNodeAddress {
  /** Default `'localhost'`. */
  readonly host?: string | undefined;
  /** Default 6379. */
  readonly port?: number | undefined;
}

/** What can be said beside where Redis is. */
export interface RedisUse {
  /** After this a command is given up, and the call goes on without Redis. Default `'250ms'`. */
  commandTimeout?: Duration;
  /** How values become bytes. Default: the cache's own format, which keeps dates, maps, sets and buffers. */
  serializer?: Serializer;
}

/** Redis at an address: `redis://`, `rediss://` for TLS, or the path of a Unix socket. */
export interface RedisByUrl extends RedisUse {
  /** Such as `redis://user:password@host:6379/0`. */
  url: string;
  /** More for ioredis, such as `{ tls: { ca } }`; the url goes before it. */
  options?: object;
  /** Not together with this. */
  client?: undefined;
  /** Not together with this. */
  cluster?: undefined;
}

/**
 * Redis by a client of your own, which stays open when the cache closes. What is published is heard on a duplicate of it. Of a
 * `Cluster` only what it was made with is used: its own way of sending commands again would bring back what was invalidated.
 */
export interface RedisByClient extends RedisUse {
  /** `Redis` of ioredis, best made with `enableOfflineQueue: false` and `autoResendUnfulfilledCommands: false`. */
  client: RedisClient | RedisClusterClient;
  /** Not together with this. */
  url?: undefined;
  /** Not together with this. */
  options?: undefined;
  /** Not together with this. */
  cluster?: undefined;
}

/** Redis as ioredis takes it: `{ host, port }`, `{ path }`, or `{ sentinels, name }`. */
export interface RedisByOptions extends RedisUse {
  /** Options of ioredis. Those that decide about queues, retries and reconnecting are the cache's own. */
  options: object;
  /** Not together with this. */
  url?: undefined;
  /** Not together with this. */
  client?: undefined;
  /** Not together with this. */
  cluster?: undefined;
}

/** Redis Cluster: keys lie in sixteen parts, on all primaries. Replicas are never read. */
export interface RedisByCluster extends RedisUse {
  /** Some of its nodes; they know the others. */
  cluster: readonly RedisNode[];
  /** Options of a `Cluster` of ioredis, such as `{ redisOptions: { password }, natMap }`. How it retries and connects is the cache's own. */
  options?: object;
  /** Not together with this. */
  url?: undefined;
  /** Not together with this. */
  client?: undefined;
}

/** Where Redis is: an address, a client of your own, the options of one, or the nodes of a cluster. */
export type RedisOptions = RedisByUrl | RedisByClient | RedisByOptions | RedisByCluster;
