import { now } from '../redis/processes/records.js';
import { RedisCluster } from '../support/redis/redis-cluster.js';
import type { History } from '../redis/processes/history.js';
import { clusterFaults, faultsOfPrimaries } from './cluster-faults.js';
import { Shards } from './shards.js';
import { pause } from './fault.js';
import type { Topology } from './topology.js';
import { natMapOf, Ways } from './ways.js';

const NODE_TIMEOUT = 1_500;
const WATCH_EVERY = 300;
/** As with Sentinels: two primaries may not both acknowledge. */
const STRICT = ['--min-replicas-to-write', '1', '--min-replicas-max-lag', '10'] as const;

/** Three primaries with a replica each. Every process has a way of its own to all six. */
export async function cluster(seats: number): Promise<Topology> {
  const servers = await RedisCluster.start({ nodeTimeout: NODE_TIMEOUT, partitionable: true, args: STRICT });
  const host = new Ways();
  const ports = servers.nodes.map(({ port }) => port);
  const ways = await host.openAll(seats, ports);
  const shards = new Shards(servers);
  const stopped = { isSo: false };
  return {
    ways,
    lateness: () => host.lateness(),
    watch: (history) => {
      host.watch(history);
      void watchLoneliness(shards, history, stopped);
    },
    faults: [...faultsOfPrimaries(shards), ...clusterFaults(shards)],
    redisOf: (seat) => {
      const way = ways[seat];
      if (way === undefined) throw new Error(`there is no seat ${seat}`);
      return {
        cluster: way.ports.map((port) => ({ host: '127.0.0.1', port })),
        options: { natMap: natMapOf(way, ports) },
      };
    },
    stop: async () => {
      stopped.isSo = true;
      await host.stop();
      await servers.stop();
    },
  };
}

/** While a bucket has no primary that accepts writes, nobody may write there: as good as a path that is cut, for its keys. */
async function watchLoneliness(shards: Shards, history: History, stopped: { readonly isSo: boolean }): Promise<void> {
  const wellAt = new Map(shards.buckets.map((bucket) => [bucket, now()]));
  const ends = new Map<number, (to: number) => void>();
  while (!stopped.isSo) {
    const asked = now();
    const strong = await shards.strongBuckets();
    for (const bucket of shards.buckets) {
      if (strong.has(bucket)) {
        ends.get(bucket)?.(now());
        ends.delete(bucket);
        wellAt.set(bucket, asked);
      } else if (!ends.has(bucket)) {
        const concerns = shards.keysOf(new Set([bucket]));
        ends.set(bucket, history.disturb('path', wellAt.get(bucket) ?? asked, undefined, concerns));
      }
    }
    await pause(WATCH_EVERY);
  }
}
