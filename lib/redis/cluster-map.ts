import type { ClusterAddress, NodeAddress } from '../policy/redis-cluster.js';

/** Who has which slots, as one node sees it. */
export class ClusterMap {
  /** All of them, replicas as well: any may be asked next time. */
  readonly nodes: readonly NodeAddress[];
  readonly #ranges: readonly Range[];

  private constructor(ranges: readonly Range[], nodes: readonly NodeAddress[]) {
    this.#ranges = ranges;
    this.nodes = nodes;
  }

  /** Of a reply to CLUSTER SLOTS; what is not of its form is left out. A node that does not name itself is the one that was asked. */
  static of(reply: unknown, asked: NodeAddress, reachedAt: ClusterAddress['reachedAt']): ClusterMap {
    const nodes = new Map<string, NodeAddress>();
    const ranges = listOf(reply).flatMap((entry): Range[] => {
      const [first, last, ...members] = listOf(entry);
      const [owner] = members.map((member) => {
        const [host, port] = listOf(member);
        if (typeof port !== 'number') return undefined;
        const node = isName(host) ? reachedAt({ host: String(host), port }) : { host: asked.host, port };
        nodes.set(`${node.host}:${node.port}`, node);
        return node;
      });
      return typeof first === 'number' && typeof last === 'number' && owner !== undefined
        ? [{ first, last, owner }]
        : [];
    });
    return new ClusterMap(ranges, [...nodes.values()]);
  }

  ownerOf(slot: number): NodeAddress | undefined {
    return this.#ranges.find(({ first, last }) => first <= slot && slot <= last)?.owner;
  }
}

interface Range {
  readonly first: number;
  readonly last: number;
  readonly owner: NodeAddress;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

/** Some servers say '?' for a name that they do not know. */
function isName(host: unknown): boolean {
  return (typeof host === 'string' || Buffer.isBuffer(host)) && host.length > 0 && String(host) !== '?';
}
