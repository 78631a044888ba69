import { LayerCacheConfigError } from '../core/errors.js';
import { type ConnectionOptions, connectionOf } from './redis-address.js';

/** A node of a cluster. */
export interface NodeAddress {
  readonly host: string;
  readonly port: number;
}

/** Where a cluster is, and how its nodes are connected to. */
export interface ClusterAddress {
  /** Those that are asked first who the others are. */
  readonly nodes: readonly NodeAddress[];
  /** What every connection is made with. */
  readonly connection: ConnectionOptions;
  /** Where a node is that calls itself so, such as `10.0.0.1:6379`. */
  readonly reachedAt: (node: NodeAddress) => NodeAddress;
}

const OPTION = 'redis.cluster';
const TAKES = "takes nodes such as [{ host: 'a', port: 6379 }] or ['redis://a:6379']";
/** What ioredis takes for every connection of a cluster, but not beside `redisOptions`. */
const OF_CONNECTIONS = ['host', 'port', 'path', 'username', 'password', 'tls', 'db', 'family', 'connectTimeout'];

/** Decides what is said of a cluster. No error shows a value: any of them may hold a password. */
export function clusterOf(nodes: unknown, options: ConnectionOptions): ClusterAddress {
  if (!Array.isArray(nodes) || nodes.length === 0) {
    throw refused(OPTION, `got ${Array.isArray(nodes) ? 'no nodes' : 'no list'}, ${TAKES}`);
  }
  for (const name of OF_CONNECTIONS) {
    if (options[name] !== undefined) {
      throw refused(
        `redis.options.${name}`,
        `for a cluster it stands in redis.options.redisOptions, as ioredis has it`,
      );
    }
  }
  const { redisOptions = {}, natMap, keyPrefix } = options;
  const located = (nodes as readonly unknown[]).map(connectionOfNode);
  const connection: ConnectionOptions = {
    // Credentials, which one address may name for all.
    ...located[0],
    ...(keyPrefix !== undefined && { keyPrefix }),
    ...(redisOptions as ConnectionOptions),
  };
  refuseDatabase(connection['db']);
  refuseBrace(connection['keyPrefix']);
  return Object.freeze({
    nodes: located.map(({ host, port }) => ({ host, port })),
    connection: Object.freeze({ ...connection, db: 0 }),
    reachedAt: mappingOf(natMap),
  });
}

type Located = NodeAddress & ConnectionOptions;

function connectionOfNode(node: unknown): Located {
  if (typeof node === 'number') return locatedOf(undefined, { port: node });
  if (typeof node === 'string') return locatedOf(node.includes('://') ? node : `redis://${node}`, {});
  if (typeof node === 'object' && node !== null && !Array.isArray(node)) {
    return locatedOf(undefined, node as ConnectionOptions);
  }
  throw refused(OPTION, `a node is ${node === null ? 'null' : `a ${typeof node}`}, ${TAKES}`);
}

function locatedOf(url: string | undefined, options: ConnectionOptions): Located {
  const connection = readable(url, options);
  const { host = 'localhost', port = 6379, path } = connection;
  const number = Number(port);
  const isPort = Number.isInteger(number) && number > 0 && number < 65_536;
  if (typeof host !== 'string' || !isPort || path !== undefined) {
    throw refused(OPTION, `a node has no host and port, ${TAKES}`);
  }
  return { ...connection, host, port: number };
}

function readable(url: string | undefined, options: ConnectionOptions): ConnectionOptions {
  try {
    return connectionOf(url, options);
  } catch (cause) {
    if (cause instanceof LayerCacheConfigError) throw refused(OPTION, `a node cannot be read, ${TAKES}`);
    throw cause;
  }
}

function refuseDatabase(db: unknown): void {
  if (db === undefined || Number(db) === 0) return;
  throw refused('redis.options.redisOptions.db', 'a cluster has one database, 0. Tell caches apart by their prefix');
}

/** Braces in it would decide where keys lie, in place of those in our names. */
function refuseBrace(keyPrefix: unknown): void {
  if (typeof keyPrefix !== 'string' || !keyPrefix.includes('{')) return;
  throw refused('redis.options.keyPrefix', "got one with '{', which would put all keys into one slot");
}

function mappingOf(natMap: unknown): ClusterAddress['reachedAt'] {
  const find = (name: string): unknown => {
    if (typeof natMap === 'function') return (natMap as (name: string) => unknown)(name);
    return typeof natMap === 'object' && natMap !== null ? (natMap as Record<string, unknown>)[name] : undefined;
  };
  return (node) => {
    const mapped = find(`${node.host}:${node.port}`) as Partial<NodeAddress> | null | undefined;
    return mapped ? { host: String(mapped.host), port: Number(mapped.port) } : node;
  };
}

function refused(option: string, what: string): LayerCacheConfigError {
  return new LayerCacheConfigError({ option, problem: `${option}: ${what}` });
}
