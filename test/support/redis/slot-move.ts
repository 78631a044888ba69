import type { ClusterNode } from './cluster-node.js';
import type { Reply } from './resp.js';

const BATCH = 100;
const PATIENCE = 5_000;

/** A slot on its way to another primary: until it has arrived, each of its keys is at one of two places. */
export class SlotMove {
  readonly slot: number;
  readonly from: ClusterNode;
  readonly to: ClusterNode;

  private constructor(slot: number, from: ClusterNode, to: ClusterNode) {
    this.slot = slot;
    this.from = from;
    this.to = to;
  }

  static async begin(slot: number, from: ClusterNode, to: ClusterNode): Promise<SlotMove> {
    if (from === to) throw new Error(`slot ${slot} is there already`);
    await to.command('CLUSTER', 'SETSLOT', slot, 'IMPORTING', from.id);
    await from.command('CLUSTER', 'SETSLOT', slot, 'MIGRATING', to.id);
    return new SlotMove(slot, from, to);
  }

  /** The keys that have yet to be moved, at most so many. */
  async keysLeft(most = BATCH): Promise<readonly string[]> {
    return textsOf(await this.from.command('CLUSTER', 'GETKEYSINSLOT', this.slot, most));
  }

  async moveKeys(...keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return;
    // What a move that was given up has left there is no more than a copy.
    await this.from.command('MIGRATE', this.to.host, this.to.port, '', 0, PATIENCE, 'REPLACE', 'KEYS', ...keys);
  }

  /** Moves the keys that are left, and tells all primaries where the slot is: first the one that takes it, as it might die. */
  async end(primaries: readonly ClusterNode[]): Promise<void> {
    for (let keys = await this.keysLeft(); keys.length > 0; keys = await this.keysLeft()) await this.moveKeys(...keys);
    const rest = primaries.filter((node) => node !== this.to && node !== this.from);
    for (const node of [this.to, this.from, ...rest]) {
      await node.command('CLUSTER', 'SETSLOT', this.slot, 'NODE', this.to.id);
    }
  }
}

function textsOf(reply: Reply): readonly string[] {
  if (!Array.isArray(reply)) throw new TypeError(`no list of keys: ${String(reply)}`);
  return reply.map(String);
}
