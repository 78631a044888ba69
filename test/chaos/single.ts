import { Proxy } from '../support/redis/proxy.js';
import { RedisServer } from '../support/redis/server.js';
import { serverFaults } from './server-faults.js';
import type { Topology } from './topology.js';
import { Way } from './way.js';

/** One Redis, to which every process has a way of its own. */
export async function single(seats: number): Promise<Topology> {
  const server = await RedisServer.start({
    file: true,
    // So that passwords can be asked for, and we still be let in.
    users: ['default on nopass ~* &* +@all'],
  });
  const proxies = await Promise.all(Array.from({ length: seats }, () => Proxy.start(server.port)));
  return {
    ways: proxies.map((proxy) => new Way([proxy])),
    faults: serverFaults(server),
    redisOf: (seat) => ({ url: `redis://127.0.0.1:${proxies[seat]?.port ?? server.port}` }),
    stop: async () => {
      await Promise.all(proxies.map((proxy) => proxy.stop()));
      await server.stop();
    },
  };
}
