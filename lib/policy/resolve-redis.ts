import { LayerCacheConfigError, oneLine, show } from '../core/errors.js';
import { nearestName } from './nearest-name.js';
import { connectionOf } from './redis-address.js';
import type { RedisClient, RedisOptions, Serializer } from './redis-options.js';
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
const NAMES = ['url', 'client', 'options', 'commandTimeout', 'serializer'];
/** What is called of a client; that it was made for one Redis shows in that it is no cluster. */
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
  refuseCluster(given);
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
  const { url, client, options } = given;
  if (client !== undefined) {
    const other = url !== undefined ? 'url' : options !== undefined ? 'options' : undefined;
    if (other === undefined) return RedisTarget.ofClient(checkedClient(client));
    throw new LayerCacheConfigError({
      option: 'redis',
      problem: `redis: got client and ${other}, takes one of them: a client of your own knows already where Redis is`,
    });
  }
  if (options !== undefined) READERS.options(options, 'redis.options');
  if (url === undefined && options === undefined) {
    const problem = 'url' in given ? 'redis.url: got undefined' : 'redis: got none of url, client and options';
    throw new LayerCacheConfigError({
      option: 'url' in given ? 'redis.url' : 'redis',
      problem: `${problem}, takes ${EXAMPLE}; for memory alone leave redis itself undefined`,
    });
  }
  return RedisTarget.ofConnection(connectionOf(url, { ...options }));
}

function checkedClient(client: RedisClient): RedisClient {
  if (isObject(client) && (client as { isCluster?: unknown }).isCluster === true) refuseClusterAt('redis.client');
  if (isObject(client) && hasMethods(client, CLIENT_METHODS) && isObject(client.options)) {
    if ((client.options as { stringNumbers?: unknown }).stringNumbers !== true) return client;
    const problem =
      'redis.client: was made with stringNumbers, by which numbers of Redis come as texts. Leave that out';
    throw new LayerCacheConfigError({ option: 'redis.client', problem });
  }
  throw new LayerCacheConfigError({
    option: 'redis.client',
    problem: `redis.client: got ${kindOf(client)}, takes a client of ioredis: new Redis(…)`,
  });
}

function refuseCluster(given: object): void {
  if ((given as { cluster?: unknown }).cluster !== undefined) refuseClusterAt('redis.cluster');
}

function refuseClusterAt(option: string): never {
  throw new LayerCacheConfigError({
    option,
    problem: `${option}: got a cluster, but this version speaks to one Redis, alone or behind Sentinel. Give it a url, a client or options`,
  });
}

function refuseUnknownNames(given: object): void {
  for (const name of Object.keys(given)) {
    // Left open by a type that knows it, or refused above.
    if (NAMES.includes(name) || name === 'cluster') continue;
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
