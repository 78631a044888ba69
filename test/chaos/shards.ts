import { BucketKeys, bucketOf } from '../../lib/redis/keys.js';
import { slotOf } from '../../lib/redis/cluster/slot.js';
import { disagreement } from '../support/redis/agreement.js';
import type { ClusterNode } from '../support/redis/cluster-node.js';
import { holds, isPrimary } from '../support/redis/cluster-view.js';
import type { RedisCluster } from '../support/redis/redis-cluster.js';
import { complaintAfter, until } from '../support/redis/until.js';

const BUCKETS = 16;
/** So long nodes may take to agree, in milliseconds. */
const AGREES_BY_ITSELF = 10_000;
const NAMES = { prefix: 'shop', cache: 'default', audience: 'shard' } as const;

/** A primary, as it is now, and the buckets that are there. */
export interface Shard {
  /** One that holds a bucket. */
  readonly slot: number;
  readonly primary: ClusterNode;
  readonly buckets: ReadonlySet<number>;
}

/** Which buckets lie at which nodes of a cluster. */
export class Shards {
  readonly cluster: RedisCluster;
  readonly buckets: readonly number[] = Array.from({ length: BUCKETS }, (_, bucket) => bucket);

  constructor(cluster: RedisCluster) {
    this.cluster = cluster;
  }

  slotOf(bucket: number): number {
    return slotOf(new BucketKeys({ ...NAMES, bucket }).state);
  }

  /** Drawn by its last digits, so that what else is drawn by the same number does not go with it. */
  drawn(share: number): number {
    return Math.floor(share * 1e6) % BUCKETS;
  }

  async shardOf(bucket: number): Promise<Shard> {
    const slot = this.slotOf(bucket);
    const primary = await this.cluster.primaryOf(slot);
    return { slot, primary, buckets: await this.#bucketsAt(primary) };
  }

  /** Whether a key is in one of these. */
  keysOf(buckets: ReadonlySet<number>): (key: string) => boolean {
    return (key) => buckets.has(bucketOf(key, BUCKETS));
  }

  /** Those that have a primary which accepts writes. */
  async strongBuckets(): Promise<ReadonlySet<number>> {
    const ofAll = await Promise.all(
      this.cluster.nodes.map(async (node) => {
        // Who cannot be asked can be written to by nobody.
        if (!node.awake) return [];
        return (await isStrong(node).catch(() => false)) ? [...(await this.#bucketsAt(node).catch(() => []))] : [];
      }),
    );
    return new Set(ofAll.flat());
  }

  /** Wakes all nodes, and ends what was on its way. They may disagree for ever on a slot that was, while others failed over: then they are told. */
  async repair(): Promise<void> {
    await this.cluster.wake();
    const slots = this.buckets.map((bucket) => this.slotOf(bucket));
    const tell = async (slot: number, ...words: readonly string[]): Promise<void> => {
      for (const node of await this.cluster.primaries()) await node.command('CLUSTER', 'SETSLOT', slot, ...words);
    };
    for (const slot of slots) await tell(slot, 'STABLE');
    const complaint = await complaintAfter(() => disagreement(this.cluster.nodes), AGREES_BY_ITSELF);
    if (complaint === undefined) return;
    for (const slot of slots) await tell(slot, 'NODE', (await this.cluster.primaryOf(slot)).id);
    await this.cluster.settled();
  }

  /** Resolves when each bucket has one. */
  allStrong(): Promise<void> {
    return until(async () => {
      const strong = await this.strongBuckets();
      return strong.size === BUCKETS ? undefined : 'a primary does not accept writes';
    });
  }

  async #bucketsAt(node: ClusterNode): Promise<ReadonlySet<number>> {
    const self = await node.itself();
    if (!isPrimary(self)) return new Set();
    return new Set(this.buckets.filter((bucket) => holds(self, this.slotOf(bucket))));
  }
}

/** Whether it accepts writes: it refuses them without a replica, and where it does not hear of most of the other primaries. */
async function isStrong(node: ClusterNode): Promise<boolean> {
  const info = [await node.command('INFO', 'replication'), await node.command('CLUSTER', 'INFO')].join('\n');
  return [/role:master/, /min_slaves_good_slaves:[1-9]/, /cluster_state:ok/].every((sign) => sign.test(info));
}
