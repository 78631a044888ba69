import { disagreement } from './agreement.js';
import { ClusterNode } from './cluster-node.js';
import { holds, isPrimary, type SeenNode } from './cluster-view.js';
import type { Argument, Reply } from './resp.js';
import { SlotMove } from './slot-move.js';
import { complaintAfter, until } from './until.js';

const SLOTS = 16_384;
/** How long Redis itself tries to hand over. */
const HANDOVER = 5_000;

export interface RedisClusterOptions {
  /** Each with one replica; three if nothing is said. */
  readonly primaries?: number;
  /** After how many ms without a word a node is taken for failed. */
  readonly nodeTimeout?: number;
  /** Whether nodes may be cut off from the others; they then talk through this process, which must not be blocked for long. */
  readonly partitionable?: boolean;
  /** More of each node's command line. */
  readonly args?: readonly string[];
}

/**
 * How a replica takes over: after the primary handed it all its data (`handover`), without asking anybody (`takeover`), or as
 * the others elect it because the primary was killed (`kill`).
 */
export type Failover = 'handover' | 'takeover' | 'kill';

/** A real cluster on the loopback. Its nodes end with this process, however that ends. */
export class RedisCluster {
  readonly nodes: readonly ClusterNode[];
  readonly #nodeTimeout: number;
  readonly #elected = new Map<ClusterNode, number>();

  private constructor(nodes: readonly ClusterNode[], nodeTimeout: number) {
    this.nodes = nodes;
    this.#nodeTimeout = nodeTimeout;
  }

  static async start(options: RedisClusterOptions = {}): Promise<RedisCluster> {
    const { primaries = 3, nodeTimeout = 1_500, partitionable = false, args = [] } = options;
    const started = await Promise.allSettled(
      Array.from({ length: 2 * primaries }, (_, index) =>
        ClusterNode.start({ nodeTimeout, source: partitionable ? `127.0.1.${index + 1}` : undefined, args }),
      ),
    );
    const nodes = started.flatMap((node) => (node.status === 'fulfilled' ? [node.value] : []));
    const cluster = new RedisCluster(nodes, nodeTimeout);
    try {
      const failed = started.find((node) => node.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
      await cluster.#form(primaries);
      return cluster;
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  /** For clients. */
  get startupNodes(): { host: string; port: number }[] {
    return this.nodes.map(({ host, port }) => ({ host, port }));
  }

  async slotOf(key: string): Promise<number> {
    return Number(await this.#awake()[0]?.command('CLUSTER', 'KEYSLOT', key));
  }

  /** The node that has the slot; of those that think they have it, the one whose claim is the newest. */
  async primaryOf(slot: number): Promise<ClusterNode> {
    const claims = (await this.#selves()).filter(({ self }) => isPrimary(self) && holds(self, slot));
    const [newest] = claims.sort((one, other) => other.self.epoch - one.self.epoch);
    if (newest === undefined) throw new Error(`nobody has slot ${slot}`);
    return newest.node;
  }

  async replicaOf(slot: number): Promise<ClusterNode> {
    const { id } = await this.primaryOf(slot);
    const replica = (await this.#selves()).find(({ self }) => self.primary === id);
    if (replica === undefined) throw new Error(`slot ${slot} has no replica`);
    return replica.node;
  }

  /** Those that think they are, in the order of `nodes`. */
  async primaries(): Promise<readonly ClusterNode[]> {
    return (await this.#selves()).filter(({ self }) => isPrimary(self)).map(({ node }) => node);
  }

  command(node: ClusterNode, ...command: readonly Argument[]): Promise<Reply> {
    return node.command(...command);
  }

  /** Resolves when all nodes that can reach each other serve, with one view of who has what, and the replicas have it too. */
  async settled(): Promise<void> {
    await until(() => disagreement(this.#reachable()));
  }

  /** Puts the replica in the place of the primary, and returns it when all agree. */
  async failover(slot: number, how: Failover): Promise<ClusterNode> {
    const [primary, replica] = [await this.primaryOf(slot), await this.replicaOf(slot)];
    if (how === 'kill') await primary.kill();
    else if (how === 'takeover') await replica.command('CLUSTER', 'FAILOVER', 'TAKEOVER');
    else await this.#handOver(replica);
    return this.successor(slot, primary);
  }

  /** Resolves with the node that has a slot in place of another, which was killed, paused or cut off, when all others agree. */
  async successor(slot: number, of: ClusterNode): Promise<ClusterNode> {
    await until(async () => {
      const views = await Promise.all(this.#reachable().map((node) => node.view()));
      const waits = views.some((view) => view.some((seen) => seen.id === of.id && holds(seen, slot)));
      return waits ? `the node at ${of.port} is not replaced` : disagreement(this.#reachable());
    });
    const primary = await this.primaryOf(slot);
    this.#elected.set(primary, performance.now());
    return primary;
  }

  /** Starts a node that was killed, and returns when it is what the others take it for. */
  async restart(node: ClusterNode): Promise<void> {
    await node.restart();
    await this.settled();
  }

  /** Moves a slot as a reshard does. */
  async moveSlot(slot: number, to: ClusterNode): Promise<void> {
    await this.endMove(await this.beginMove(slot, to));
  }

  /** From now on the slot is between two primaries, with all its keys at the old one; `moveKeys` takes some of them over. */
  async beginMove(slot: number, to: ClusterNode): Promise<SlotMove> {
    return SlotMove.begin(slot, await this.primaryOf(slot), to);
  }

  async endMove(move: SlotMove): Promise<void> {
    await move.end(await this.primaries());
    await this.settled();
  }

  /**
   * Cuts a node off from all others. Clients still reach it, and it goes on to serve them. Returns at once: see `successor`. Nodes
   * that are cut off are each alone.
   */
  async partition(node: ClusterNode): Promise<void> {
    await node.leave(this.#othersThan(node));
  }

  /** Ends every partition, and returns when all agree. */
  async heal(): Promise<void> {
    for (const node of this.nodes) await node.join(this.#othersThan(node));
    await this.settled();
  }

  /** Lets all nodes run, and reach each other, whatever was done to them. They may not agree yet. */
  async wake(): Promise<void> {
    for (const node of this.nodes) if (node.running) await node.wake();
    for (const node of this.nodes) await node.join(this.#othersThan(node));
    for (const node of this.nodes) await node.wake();
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.stop()));
  }

  #othersThan(node: ClusterNode): readonly ClusterNode[] {
    return this.nodes.filter((other) => other !== node);
  }

  #awake(): readonly ClusterNode[] {
    return this.nodes.filter(({ awake }) => awake);
  }

  #reachable(): readonly ClusterNode[] {
    return this.nodes.filter(({ reachable }) => reachable);
  }

  #selves(): Promise<{ node: ClusterNode; self: SeenNode }[]> {
    return Promise.all(this.#awake().map(async (node) => ({ node, self: await node.itself() })));
  }

  /**
   * Redis 7.0 counts the votes of a node's last election again in its next one, if that begins too soon: it would come to power with
   * its old epoch, not be acknowledged, and lose what was written. So it is asked once its last election is forgotten.
   */
  async #handOver(replica: ClusterNode): Promise<void> {
    const forgotten = (this.#elected.get(replica) ?? -Infinity) + 2 * Math.max(2 * this.#nodeTimeout, 2_000);
    await until(() => Promise.resolve(performance.now() < forgotten ? 'it was elected just before' : undefined));
    await until(async () => {
      await replica.command('CLUSTER', 'FAILOVER');
      const waits = `the node at ${replica.port} is not elected`;
      return complaintAfter(async () => (isPrimary(await replica.itself()) ? undefined : waits), HANDOVER);
    });
  }

  /** The first half of the nodes are the primaries. Epochs are given while no node knows another, so none must be fought out. */
  async #form(primaries: number): Promise<void> {
    await Promise.all(
      this.nodes.map(async (node, index) => {
        if (index < primaries) await node.command('CLUSTER', 'ADDSLOTSRANGE', ...shareOf(index, primaries));
        await node.command('CLUSTER', 'SET-CONFIG-EPOCH', index + 1);
      }),
    );
    for (const [index, node] of this.nodes.entries()) {
      for (const other of this.nodes.slice(index + 1)) {
        await node.command('CLUSTER', 'MEET', other.host, other.port, other.busPort);
      }
    }
    await Promise.all(this.nodes.slice(primaries).map((node, index) => replicate(node, this.nodes[index])));
    await this.settled();
  }
}

function shareOf(index: number, shares: number): [first: number, last: number] {
  return [Math.floor((index * SLOTS) / shares), Math.floor(((index + 1) * SLOTS) / shares) - 1];
}

/** Refused until the two have met. */
function replicate(node: ClusterNode, primary: ClusterNode | undefined): Promise<void> {
  return until(async () => {
    await node.command('CLUSTER', 'REPLICATE', primary?.id ?? '');
    return undefined;
  });
}
