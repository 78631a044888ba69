import type { ClusterAddress, NodeAddress } from '../../policy/redis-cluster.js';

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
        const node = nodeOf(member, asked);
        if (node === undefined) return undefined;
        const reached = reachedAt(node);
        nodes.set(`${reached.host}:${reached.port}`, reached);
        return reached;
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

const UNKNOWN = '?';

interface Range {
  readonly first: number;
  readonly last: number;
  readonly owner: NodeAddress;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

function nodeOf(member: unknown, asked: NodeAddress): NodeAddress | undefined {
  const [host, port, , more] = listOf(member);
  if (typeof port !== 'number' || !Number.isInteger(port) || port < 1 || port > 65_535) return undefined;
  return { host: (textOf(host) === UNKNOWN ? addressOf(more) : textOf(host)) || asked.host, port };
}

/** Of names and values by turns: what else a node is called that has no name of the kind that is preferred there. */
function addressOf(more: unknown): string {
  const texts = listOf(more).map(textOf);
  const place = texts.indexOf('ip');
  return place < 0 ? '' : (texts[place + 1] ?? '');
}

function textOf(value: unknown): string {
  return typeof value === 'string' || Buffer.isBuffer(value) ? String(value) : '';
}
