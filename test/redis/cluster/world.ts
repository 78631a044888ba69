import { type Clock, systemClock } from '../../../lib/core/clock.js';
import { systemRandom } from '../../../lib/core/random.js';
import { createLayerCache } from '../../../lib/engine/create-layer-cache.js';
import type { LayerCache, LayerCacheOptions } from '../../../lib/index.js';
import type { RedisOptions } from '../../../lib/policy/redis-options.js';
import { type RedisSettings, resolveRedis } from '../../../lib/policy/resolve-redis.js';
import { ClusterLinks } from '../../../lib/redis/cluster/cluster-links.js';
import { IoredisLink, type IoredisLinkParts } from '../../../lib/redis/ioredis-link.js';
import { BucketKeys, bucketOf } from '../../../lib/redis/keys.js';
import type { RedisLink } from '../../../lib/redis/link.js';
import { slotOf } from '../../../lib/redis/cluster/slot.js';
import type { ClusterNode } from '../../support/redis/cluster-node.js';
import type { RedisCluster } from '../../support/redis/redis-cluster.js';
import { until } from '../../support/redis/until.js';

export const BUCKETS = 16;
const PREFIX = 'shop';
/** X, and for how long memory answers without Redis. */
export const STALE_BOUND = 500;
export const DETACHED_TTL = 1_000;

/** A cache, and what it had to complain of. */
export interface Member {
  readonly cache: LayerCache;
  readonly errors: string[];
  readonly warnings: string[];
}

export interface MemberParts {
  readonly load?: () => Promise<unknown>;
  readonly clock?: Clock;
  readonly options?: LayerCacheOptions;
}

const members: Member[] = [];

/** A cache; `closeAll` closes it. */
export function memberOf(redis: RedisOptions, { load, clock = systemClock, options }: MemberParts = {}): Member {
  const [errors, warnings]: [string[], string[]] = [[], []];
  const warn = (message: string): void => void warnings.push(message);
  const cache = createLayerCache(
    {
      ...{ prefix: PREFIX, staleBound: STALE_BOUND, detachedTtl: DETACHED_TTL, ttl: '1h', redis },
      ...options,
      observers: [{ error: (_cache, during, error) => void errors.push(`${during}: ${(error as Error).message}`) }],
    },
    { links: linksTo(redis, { clock, warn, random: systemRandom, ...(load !== undefined && { load }) }), clock, warn },
  );
  const member = { cache, errors, warnings };
  members.push(member);
  return member;
}

function linksTo(redis: RedisOptions, parts: Omit<IoredisLinkParts, 'settings' | 'name'>): readonly RedisLink[] {
  const settings = resolveRedis(redis) as RedisSettings;
  const cluster = settings.target.cluster();
  if (cluster === undefined) return [new IoredisLink({ ...parts, settings, name: `${PREFIX}:default` })];
  return new ClusterLinks({ ...parts, cluster, prefix: PREFIX, cache: 'default', limit: settings.commandTimeout })
    .links;
}

/** So many that have joined. */
export async function joined(count: number, cluster: RedisCluster, parts: MemberParts = {}): Promise<Member[]> {
  const some = Array.from({ length: count }, () => memberOf({ cluster: cluster.startupNodes }, parts));
  await Promise.all(some.map(({ cache }) => cache.ready()));
  return some;
}

/** Until a member has complained of that. */
export function complained({ errors }: Member, said: RegExp): Promise<void> {
  return until(() =>
    Promise.resolve(errors.some((error) => said.test(error)) ? undefined : errors.slice(-3).join('; ')),
  );
}

export async function closeAll(): Promise<void> {
  await Promise.all(members.splice(0).map(({ cache }) => cache.close()));
}

/** The slot of a bucket. */
export function slotOfBucket(bucket: number): number {
  return slotOf(new BucketKeys({ prefix: PREFIX, cache: 'default', bucket, audience: '' }).state);
}

export function bucketKeys(bucket: number): BucketKeys {
  return new BucketKeys({ prefix: PREFIX, cache: 'default', bucket, audience: 'shard' });
}

let named = 0;

/** A key that nobody has used yet. */
export function keyIn(bucket: number): string {
  for (;;) {
    const key = `key-${++named}`;
    if (bucketOf(key, BUCKETS) === bucket) return key;
  }
}

/** The buckets that lie at a node. */
export async function bucketsAt(cluster: RedisCluster, node: ClusterNode): Promise<number[]> {
  const all = Array.from({ length: BUCKETS }, (_, bucket) => bucket);
  const owners = await Promise.all(all.map((bucket) => cluster.primaryOf(slotOfBucket(bucket))));
  return all.filter((bucket) => owners[bucket] === node);
}

/** What a member finds, and where. */
export async function sightOf({ cache }: Member, key: string): Promise<string> {
  const found = await cache.lookup(key);
  return found.found ? `${String(found.value)} in ${found.tier}` : 'nothing';
}

/** Until each bucket is shared again: what one sets, the other finds in Redis, and then in memory. */
export async function shared(one: Member, other: Member, buckets: readonly number[] = allBuckets()): Promise<void> {
  await Promise.all(
    buckets.map((bucket) =>
      until(async () => {
        const key = keyIn(bucket);
        await one.cache.set(key, 'shared');
        const [first, second] = [await sightOf(other, key), await sightOf(other, key)];
        const isShared = first === 'shared in redis' && second === 'shared in memory';
        return isShared ? undefined : `of bucket ${bucket} was found: ${first}, then ${second}`;
      }),
    ),
  );
}

export function allBuckets(): number[] {
  return Array.from({ length: BUCKETS }, (_, bucket) => bucket);
}
