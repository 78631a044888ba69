import { within } from './time.mjs';

/** Makes a server the replica of another, which it reaches by a port of its own or of a wire, and waits until it follows. */
export async function follow(replica, { port }) {
  await replica.command('REPLICAOF', '127.0.0.1', port);
  const linked = () => replica.command('INFO', 'replication').then((text) => text.includes('master_link_status:up'));
  if (!(await within(20_000, linked))) throw new Error('the replica does not follow');
}
