import { now } from '../redis/processes/records.js';
import { until } from '../support/redis/until.js';
import type { ClusterNode } from '../support/redis/cluster-node.js';
import { during, type FaultKind, pause, type Scene } from './fault.js';
import { ignoreUnlessAlone } from './loneliness.js';
import { serverFaults } from './server-faults.js';
import type { Shard, Shards } from './shards.js';

/** What can befall a primary without its replica taking its place. */
const HARMLESS =
  /^(stands|too little|full|cannot save|busy|asks for|forbids|our keys|some of|FLUSH|SCRIPT|all connections|subscribers)/;
/** Shorter than what the others take for its death. */
const STANDSTILL = [50, 500, 900] as const;

/** What befalls one of them concerns the keys of its buckets alone. */
export function faultsOfPrimaries(shards: Shards): readonly FaultKind[] {
  const byNode = new Map(shards.cluster.nodes.map((node) => [node, serverFaults(node)]));
  const [some = []] = byNode.values();
  return some
    .filter(({ name }) => HARMLESS.test(name))
    .map((kind) => ({
      ...kind,
      name: `one primary: ${kind.name}`,
      ...(kind.name.startsWith('stands still') && { lengths: STANDSTILL }),
      run: async (scene, draw) => {
        const { primary, buckets } = await shards.shardOf(shards.drawn(draw.share));
        const same = byNode.get(primary)?.find(({ name }) => name === kind.name);
        await same?.run({ ...scene, concerns: shards.keysOf(buckets) }, draw).catch(ignoreUnlessAlone);
      },
    }));
}

type Task = (
  shard: Shard,
  draw: { readonly ms: number; readonly share: number; readonly scene: Scene },
) => Promise<unknown>;

/** What befalls the cluster as such. */
export function clusterFaults(shards: Shards): readonly FaultKind[] {
  const { cluster } = shards;
  const fault = (name: string, task: Task, weight = 1): FaultKind => ({
    ...{ name, aim: 'redis', weight, lengths: [50, 700, 3_000] },
    run: async (scene, { ms, share }) => {
      const shard = await shards.shardOf(shards.drawn(share));
      try {
        await task(shard, { ms, share, scene: { ...scene, concerns: shards.keysOf(shard.buckets) } });
      } catch (error) {
        throw await repaired(shards, scene, error);
      }
      await settledAndStrong().catch(async (error: unknown) => {
        throw await repaired(shards, scene, error);
      });
    },
  });
  const ofPath = (scene: Scene, task: () => Promise<unknown>): Promise<void> => during(scene, { of: 'path' }, task);
  const ofBucket = (scene: Scene, share: number): Scene => ({
    ...scene,
    concerns: shards.keysOf(new Set([shards.drawn(share)])),
  });
  const other = async ({ primary }: Shard, share: number): Promise<ClusterNode> => {
    const others = (await cluster.primaries()).filter((node) => node !== primary);
    return others[Math.floor(share * 1e4) % others.length] as ClusterNode;
  };
  const settledAndStrong = async (): Promise<void> => {
    await cluster.settled();
    await shards.allStrong();
  };

  return [
    fault('a primary hands over', ({ slot }, { scene }) =>
      ofPath(scene, async () => {
        await cluster.failover(slot, 'handover');
        await settledAndStrong();
      }),
    ),
    fault('a replica takes over', ({ slot }, { scene }) =>
      ofPath(scene, async () => {
        await cluster.failover(slot, 'takeover');
        await settledAndStrong();
      }),
    ),
    fault('a primary killed, back as a replica', ({ slot, primary }, { ms, scene }) =>
      ofPath(scene, async () => {
        await cluster.failover(slot, 'kill');
        await pause(ms);
        await cluster.restart(primary);
        await shards.allStrong();
      }),
    ),
    fault('a primary stands still until it is replaced (SIGSTOP)', ({ slot, primary }, { ms, scene }) =>
      ofPath(scene, async () => {
        primary.pause();
        await cluster.successor(slot, primary);
        await pause(ms);
        primary.resume();
        await settledAndStrong();
      }),
    ),
    fault('a primary cut off from the others', ({ slot, primary }, { ms, scene }) =>
      ofPath(scene, async () => {
        await cluster.partition(primary);
        await cluster.successor(slot, primary);
        await pause(ms);
        await cluster.heal();
        await shards.allStrong();
      }),
    ),
    fault(
      'a slot of ours moved',
      async (shard, { share, scene }) => {
        const to = await other(shard, share);
        await ofPath(ofBucket(scene, share), () => cluster.moveSlot(shard.slot, to));
      },
      2,
    ),
    fault('a slot of ours half moved for a while', async (shard, { ms, share, scene }) => {
      const to = await other(shard, share);
      await ofPath(ofBucket(scene, share), async () => {
        const move = await cluster.beginMove(shard.slot, to);
        const keys = await move.keysLeft();
        await move.moveKeys(...keys.slice(0, Math.ceil(keys.length * share)));
        await pause(ms);
        await cluster.endMove(move);
      });
    }),
    fault('a primary killed with its replica, back with nothing', async ({ slot, primary }, { ms, scene }) => {
      const replica = await cluster.replicaOf(slot);
      await ofPath(scene, async () => {
        await Promise.all([replica.kill(), primary.kill()]);
        await pause(ms);
        await Promise.all([primary.restart(), replica.restart()]);
        await settledAndStrong();
      });
    }),
    fault('a shard gone, and nobody serves without it (CLUSTERDOWN)', async ({ slot, primary }, { ms, scene }) => {
      const replica = await cluster.replicaOf(slot);
      const { concerns: _, ...ofAll } = scene;
      await ofPath(ofAll, async () => {
        await demandAll(shards, 'yes');
        await Promise.all([replica.kill(), primary.kill()]);
        await until(() => serving(shards));
        await pause(ms);
        await Promise.all([primary.restart(), replica.restart()]);
        await settledAndStrong();
        await demandAll(shards, 'no');
      });
    }),
  ];
}

/** What went wrong, and, if it cannot be made good again, that. Until it is, whatever happens has its reason. */
async function repaired(shards: Shards, { history }: Scene, error: unknown): Promise<unknown> {
  const over = history.disturb('path', now());
  try {
    await shards.repair();
    await shards.allStrong();
    return error;
  } catch (fault) {
    return new Error(`${String(error)}, and it cannot be repaired: ${String(fault)}`);
  } finally {
    over(now());
  }
}

async function demandAll(shards: Shards, whether: 'yes' | 'no'): Promise<void> {
  const awake = shards.cluster.nodes.filter((node) => node.awake);
  await Promise.all(awake.map((node) => node.command('CONFIG', 'SET', 'cluster-require-full-coverage', whether)));
}

/** Resolves to what is wrong as long as anybody serves. */
async function serving(shards: Shards): Promise<string | undefined> {
  const awake = shards.cluster.nodes.filter((node) => node.awake);
  const states = await Promise.all(awake.map((node) => node.command('CLUSTER', 'INFO')));
  return states.every((state) => String(state).includes('cluster_state:fail')) ? undefined : 'somebody serves still';
}
