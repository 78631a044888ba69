import { RedisServer } from '../support/redis/server.js';
import { serverFaults } from './server-faults.js';
import type { Topology } from './topology.js';
import { Ways } from './ways.js';

/** One Redis, to which every process has a way of its own. */
export async function single(seats: number): Promise<Topology> {
  const server = await RedisServer.start({
    file: true,
    // So that passwords can be asked for, and we still be let in.
    users: ['default on nopass ~* &* +@all'],
  });
  const host = new Ways();
  const ways = await host.openAll(seats, [server.port]);
  return {
    ways,
    watch: (history) => host.watch(history),
    lateness: () => host.lateness(),
    faults: serverFaults(server),
    redisOf: (seat) => ({ url: `redis://127.0.0.1:${ways[seat]?.ports[0] ?? server.port}` }),
    stop: async () => {
      await host.stop();
      await server.stop();
    },
  };
}
