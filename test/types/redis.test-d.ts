import { Cluster, Redis, type RedisOptions as DriverOptions } from 'ioredis';
import { Cluster as Cluster5, Redis as Redis5, type RedisOptions as DriverOptions5 } from 'ioredis-5';
import type { LayerCacheOptions, RedisOptions, Serializer } from '../../lib/index.js';

declare const url: string;
declare const perhaps: string | undefined;
declare const driver: DriverOptions;
declare const driver5: DriverOptions5;
declare const serializer: Serializer;

// Every form, and Redis left open
({ prefix: 'shop', redis: { url } }) satisfies LayerCacheOptions;
({ prefix: 'shop', redis: perhaps === undefined ? undefined : { url: perhaps } }) satisfies LayerCacheOptions;
({ redis: undefined, memory: false }) satisfies LayerCacheOptions;
({ url, options: driver, commandTimeout: '1s', serializer }) satisfies RedisOptions;
({ options: driver }) satisfies RedisOptions;
({ options: driver5 }) satisfies RedisOptions;
({ options: { host: 'localhost' } }) satisfies RedisOptions;
({ client: new Redis() }) satisfies RedisOptions;
({ client: new Redis5() }) satisfies RedisOptions;
({ client: new Redis({ protocol: 3, replyMapping: 'resp3' }) }) satisfies RedisOptions;

({ client: new Cluster([]) }) satisfies RedisOptions;
({ client: new Cluster5([]) }) satisfies RedisOptions;
({ cluster: [{ host: 'a', port: 6379 }, 'redis://b:6379', 7000] as const }) satisfies RedisOptions;
({ cluster: [url], options: { redisOptions: { password: 'secret' } } }) satisfies RedisOptions;

// What does not say where Redis is, or says it twice
// @ts-expect-error nothing
({}) satisfies RedisOptions;
// @ts-expect-error a text
'redis://localhost' satisfies RedisOptions;
// @ts-expect-error an address that may be missing
({ url: perhaps }) satisfies RedisOptions;
// @ts-expect-error two forms
({ url, client: new Redis() }) satisfies RedisOptions;
// @ts-expect-error two forms
({ client: new Redis(), options: {} }) satisfies RedisOptions;
// @ts-expect-error two forms
({ url, cluster: [url] }) satisfies RedisOptions;
// @ts-expect-error a node that is none
({ cluster: [{ hostname: 'a' }] }) satisfies RedisOptions;
// @ts-expect-error what belongs into options
({ url, password: 'secret' }) satisfies RedisOptions;
// @ts-expect-error half a serializer
({ url, serializer: { serialize: () => '' } }) satisfies RedisOptions;
