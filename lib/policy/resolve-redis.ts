import { LayerCacheConfigError, oneLine, show } from '../core/errors.js';
import { nearestName } from './nearest-name.js';
import { connectionOf } from './redis-address.js';
import { clusterOf } from './redis-cluster.js';
import type { RedisClient, RedisClusterClient, RedisOptions, Serializer } from './redis-options.js';
import { RedisTarget } from './redis-target.js';
import { duration, only } from './resolve-policy.js';

/** The options of Redis, decided. */
export interface RedisSettings {
  readonly target: RedisTarget;
  /** In milliseconds. */
  readonly commandTimeout: number;
  /** Undefined: the cache's own format. */
  readonly serializer: Serializer | undefined;
}

const DEFAULT_COMMAND_TIMEOUT = 250;
const EXAMPLE = "an object such as { url: 'redis://localhost:6379' }";
const NAMES = ['url', 'client', 'options', 'cluster', 'commandTimeout', 'serializer'];
/** What is called of a client for one Redis. */
const CLIENT_METHODS = ['connect', 'disconnect', 'duplicate', 'on', 'off', 'mgetBuffer', 'evalshaBuffer', 'evalBuffer'];

const isObject = (given: unknown): given is object =>
  typeof given === 'object' && given !== null && !Array.isArray(given);

const READERS = {
  commandTimeout: only((given) => duration(given, 'redis.commandTimeout') > 0, "a duration above 0, such as '250ms'"),
  serializer: only(
    (given) => isObject(given) && hasMethods(given, ['serialize', 'deserialize']),
    'an object with serialize() and deserialize()',
  ),
  options: only(isObject, "an object with options of ioredis, such as { host: 'localhost' }"),
};

/** Decides what is said of Redis. No error shows a value: any of them may hold a password. */
export function resolveRedis(given: RedisOptions | undefined): RedisSettings | undefined {
  if (given === undefined) return undefined;
  if (!isObject(given)) {
    throw new LayerCacheConfigError({ option: 'redis', problem: `redis: got ${kindOf(given)}, takes ${EXAMPLE}` });
  }
  refuseUnknownNames(given);
  const { commandTimeout, serializer } = given;
  if (commandTimeout !== undefined) READERS.commandTimeout(commandTimeout, 'redis.commandTimeout');
  if (serializer !== undefined) READERS.serializer(serializer, 'redis.serializer');
  return Object.freeze({
    target: targetOf(given),
    commandTimeout: commandTimeout === undefined ? DEFAULT_COMMAND_TIMEOUT : duration(commandTimeout, ''),
    serializer,
  });
}

function targetOf(given: RedisOptions): RedisTarget {
  const { url, client, options, cluster } = given;
  refuseTwo(given);
  if (client !== undefined) return targetOfClient(client);
  if (options !== undefined) READERS.options(options, 'redis.options');
  if (cluster !== undefined) return RedisTarget.ofCluster(clusterOf(cluster, { ...options }));
  if (url === undefined && options === undefined) {
    const problem = 'url' in given ? 'redis.url: got undefined' : 'redis: got none of url, client, options and cluster';
    throw new LayerCacheConfigError({
      option: 'url' in given ? 'redis.url' : 'redis',
      problem: `${problem}, takes ${EXAMPLE}; for memory alone leave redis itself undefined`,
    });
  }
  return RedisTarget.ofConnection(connectionOf(url, { ...options }));
}

function refuseTwo({ url, client, options, cluster }: RedisOptions): void {
  const given = { client, cluster, url, options: client === undefined ? undefined : options };
  const [one, other] = Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  if (other === undefined) return;
  const why = one === 'client' ? ': a client of your own knows already where Redis is' : '';
  throw new LayerCacheConfigError({
    option: 'redis',
    problem: `redis: got ${one} and ${other}, takes one of them${why}`,
  });
}

function targetOfClient(client: RedisClient | RedisClusterClient): RedisTarget {
  if (isObject(client) && (client as { isCluster?: unknown }).isCluster === true) {
    // Private to the driver, and where its own duplicate() takes them from.
    const { startupNodes, options } = client as RedisClusterClient & { readonly startupNodes?: unknown };
    return RedisTarget.ofCluster(clusterOf(startupNodes, { ...options }));
  }
  return RedisTarget.ofClient(checkedClient(client as RedisClient));
}

function checkedClient(client: RedisClient): RedisClient {
  if (isObject(client) && hasMethods(client, CLIENT_METHODS) && isObject(client.options)) {
    if ((client.options as { stringNumbers?: unknown }).stringNumbers !== true) return client;
    const problem =
      'redis.client: was made with stringNumbers, by which numbers of Redis come as texts. Leave that out';
    throw new LayerCacheConfigError({ option: 'redis.client', problem });
  }
  throw new LayerCacheConfigError({
    option: 'redis.client',
    problem: `redis.client: got ${kindOf(client)}, takes a client of ioredis: new Redis(…) or new Cluster(…)`,
  });
}

function refuseUnknownNames(given: object): void {
  for (const name of Object.keys(given)) {
    if (NAMES.includes(name)) continue;
    const option = `redis.${name}`;
    const nearest = nearestName(name, NAMES);
    const hint = nearest === undefined ? '' : `Did you mean 'redis.${nearest}'? `;
    throw new LayerCacheConfigError({
      option,
      problem: `${oneLine(option)}: there is no such option. ${hint}Known: ${NAMES.join(', ')}; what ioredis takes stands in redis.options`,
    });
  }
}

function hasMethods(object: object, names: readonly string[]): boolean {
  return names.every((name) => typeof (object as Record<string, unknown>)[name] === 'function');
}

/** Never the value. */
function kindOf(given: unknown): string {
  return typeof given === 'string' ? 'a text' : isObject(given) ? 'another object' : show(given);
}
