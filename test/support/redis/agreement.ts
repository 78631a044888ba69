import type { ClusterNode } from './cluster-node.js';
import { isItself, isPrimary, type SeenNode } from './cluster-view.js';

const ILL = ['fail', 'fail?', 'handshake', 'noaddr'];

/** What keeps these nodes from serving with one view of who has which slots, each replica with all of its primary's data. */
export async function disagreement(nodes: readonly ClusterNode[]): Promise<string | undefined> {
  const views = await Promise.all(nodes.map((node) => node.view()));
  const ids = new Set(nodes.map(({ id }) => id));
  const ill = views.map((view) => illness(view, ids)).find((complaint) => complaint !== undefined);
  if (ill !== undefined) return ill;
  const accounts = new Set(views.map((view) => account(view, ids)));
  if (accounts.size > 1) return `the nodes differ:\n${[...accounts].join('\n---\n')}`;
  const complaints = await Promise.all(nodes.map(outOfOrder));
  return complaints.find((complaint) => complaint !== undefined);
}

function illness(view: readonly SeenNode[], ids: ReadonlySet<string>): string | undefined {
  const at = view.find(isItself)?.port;
  const members = view.filter(({ id }) => ids.has(id));
  if (members.length < ids.size) return `the node at ${at} knows ${members.length} of ${ids.size}`;
  const ill = members.find(
    (node) => node.flags.some((flag) => ILL.includes(flag)) || !(node.connected || isItself(node)),
  );
  return ill === undefined ? undefined : `the node at ${at} misses the one at ${ill.port} (${ill.flags.join(', ')})`;
}

function account(view: readonly SeenNode[], ids: ReadonlySet<string>): string {
  return view
    .filter(({ id }) => ids.has(id))
    .map((node) => `${node.port} ${isPrimary(node) ? node.slots.join(' ') : `replicates ${node.primary}`}`)
    .sort()
    .join('\n');
}

async function outOfOrder(node: ClusterNode): Promise<string | undefined> {
  const [cluster, replication] = await Promise.all([
    node.command('CLUSTER', 'INFO'),
    node.command('INFO', 'replication'),
  ]);
  if (!String(cluster).includes('cluster_state:ok')) return `the node at ${node.port} does not serve`;
  if (String(replication).includes('master_link_status:down')) return `the replica at ${node.port} has no primary`;
  return undefined;
}
