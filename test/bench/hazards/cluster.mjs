import { RedisCluster } from './built.mjs';
import { Wire } from './wire.mjs';

const HOST = '127.0.0.1';
const MINUTE = 60_000;

/** A Redis Cluster of three primaries, each with a replica, that is asked as if it were one server. */
export class ClusterPlace {
  #cluster;
  #primaries;

  static async start() {
    const place = new ClusterPlace();
    place.#cluster = await RedisCluster.start();
    // From now on nobody is replaced because the machine is busy. To find each other with it would take the nodes longer.
    const patient = ['CONFIG', 'SET', 'cluster-node-timeout', MINUTE];
    await Promise.all(place.#cluster.nodes.map((node) => node.command(...patient)));
    place.#primaries = await place.#cluster.primaries();
    return place;
  }

  /** Where caches begin to look for it. */
  get nodes() {
    return this.#cluster.startupNodes;
  }

  /** The names of keys, of all primaries; whatever else is asked for a key, by the one that does not refuse it. */
  async command(name, ...rest) {
    const asked = this.#primaries.map((node) => node.command(name, ...rest));
    return name === 'KEYS' ? (await Promise.all(asked)).flat() : Promise.any(asked);
  }

  /** Moves the slot of a key to another primary, with all that is in it, as a reshard does, and returns that primary. */
  async moveSlotOf(key) {
    const slot = await this.#cluster.slotOf(key);
    const owner = await this.#cluster.primaryOf(slot);
    const other = this.#primaries.find((node) => node !== owner);
    await this.#cluster.moveSlot(slot, other);
    return other;
  }

  /** To be stopped by whoever asks for it. */
  async wayWithGap() {
    const shard = [await this.#cluster.primaryOf(0), await this.#cluster.replicaOf(0)];
    const wires = await Promise.all(shard.map(({ port }) => Wire.start(port)));
    return new WayWithGap(this.nodes, shard, wires);
  }
}

/** A way to the cluster, one of whose shards is reached by wires: it can be out of reach, and come back with what it had. */
class WayWithGap {
  nodes;
  /** Where nodes are found that tell other addresses, in the words of clients of a cluster. */
  natMap;
  /** The primary that can be out of reach, with its replica. */
  primary;
  #wires;

  constructor(nodes, shard, wires) {
    const portOf = new Map(shard.map(({ port }, index) => [port, wires[index].port]));
    this.natMap = Object.fromEntries([...portOf].map(([from, port]) => [`${HOST}:${from}`, { host: HOST, port }]));
    this.nodes = nodes.map(({ host, port }) => ({ host, port: portOf.get(port) ?? port }));
    [this.primary] = shard;
    this.#wires = wires;
  }

  cutShard() {
    for (const wire of this.#wires) {
      wire.closed = true;
      wire.cut();
    }
  }

  mendShard() {
    for (const wire of this.#wires) wire.closed = false;
  }

  stop() {
    for (const wire of this.#wires) wire.stop();
  }
}
