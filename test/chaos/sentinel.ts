import type { History } from '../redis/processes/history.js';
import { now } from '../redis/processes/records.js';
import { SentinelGroup } from '../support/redis/sentinel-group.js';
import type { RedisServer } from '../support/redis/server.js';
import { until } from '../support/redis/until.js';
import { during, type FaultKind, pause, type Scene } from './fault.js';
import { ignoreUnlessAlone } from './loneliness.js';
import { serverFaults } from './server-faults.js';
import type { Topology } from './topology.js';
import { natMapOf, Ways } from './ways.js';

/** What can befall the primary without the Sentinels putting another in its place. */
const HARMLESS = /^(stands|too little|full|asks for|forbids|our keys|some of|FLUSH|SCRIPT|all connections|subscribers)/;
const MOST_TRIES = 20;
const ASK_EVERY = 500;
const WATCH_EVERY = 150;
/** So long a process may still be with the old primary, which says that it may not write. */
const NOTICED = 1_000;
/** Shorter than what the Sentinels take for its death. */
const STANDSTILL = [50, 200, 350] as const;
/**
 * Without a replica nobody may write: else two primaries could both acknowledge, which the protocol does not promise to survive.
 * A replica says once a second that it is there, on a busy machine later.
 */
const STRICT = { 'min-replicas-to-write': '1', 'min-replicas-max-lag': '10' } as const;

/**
 * A primary and two replicas, and three Sentinels. Every process has a way of its own to all servers. With one replica a new primary
 * had none for seconds, until the Sentinels had made one of the old primary. Two primaries would need four servers to both write.
 */
export async function sentinel(seats: number): Promise<Topology> {
  const group = await SentinelGroup.start({ downAfter: 1_500, failoverTimeout: 2_000, replicas: 2 });
  for (const server of group.servers) await server.command('CONFIG', 'SET', ...Object.entries(STRICT).flat());
  const host = new Ways();
  const ports = group.servers.map(({ port }) => port);
  const ways = await host.openAll(seats, ports);
  const natMaps = ways.map((way) => natMapOf(way, ports));
  const stopped = { isSo: false };
  return {
    watch: (history) => {
      host.watch(history);
      void watchLoneliness(group, history, stopped);
    },
    ways,
    lateness: () => host.lateness(),
    faults: [...ofThePrimary(group), ...ofTheGroup(group)],
    redisOf: (seat) => ({ options: { ...group.options(), natMap: natMaps[seat] } }),
    stop: async () => {
      stopped.isSo = true;
      await host.stop();
      await group.stop();
    },
  };
}

function ofThePrimary(group: SentinelGroup): readonly FaultKind[] {
  const byServer = new Map(group.servers.map((server) => [server, serverFaults(server)]));
  const [some = []] = byServer.values();
  return some
    .filter(({ name }) => HARMLESS.test(name))
    .map((kind) => ({
      ...kind,
      ...(kind.name.startsWith('stands still') && { lengths: STANDSTILL }),
      run: async (scene, draw) => {
        const same = byServer.get(await group.primary())?.find(({ name }) => name === kind.name);
        await same?.run(scene, draw).catch(ignoreUnlessAlone);
      },
    }));
}

function ofTheGroup(group: SentinelGroup): readonly FaultKind[] {
  const fault = (name: string, task: (scene: Scene, ms: number) => Promise<unknown>): FaultKind => ({
    ...{ name, aim: 'redis', weight: 0.7, lengths: [50, 700, 3_000] },
    run: async (scene, { ms }) => {
      await task(scene, ms);
      await group.settled();
      await until(() => loneliness(group));
    },
  });
  /** What comes after it, until all is as before, is nothing to those who use the cache. */
  const ofPath = (scene: Scene, task: () => Promise<unknown>): Promise<void> =>
    during(scene, { of: 'path' }, async () => {
      await task();
      await until(() => loneliness(group));
      await pause(NOTICED);
    });
  const back = (servers: readonly RedisServer[]): Promise<unknown> => Promise.all(servers.map(backStrictly));
  return [
    fault('failover, asked for', async (scene) => {
      await ofPath(scene, () => askedFor(group));
    }),
    fault('failover, primary killed', async (scene, ms) => {
      const primary = await group.primary();
      await ofPath(scene, () => group.failover('kill'));
      await pause(ms);
      await backStrictly(primary);
    }),
    fault('failover, primary cut off from the others', async (scene, ms) => {
      await ofPath(scene, async () => group.successor(await group.partition()));
      await pause(ms);
      await group.heal();
    }),
    fault('one replica killed', async (_, ms) => {
      const replica = await group.replica();
      await replica.kill();
      await pause(ms);
      await backStrictly(replica);
    }),
    fault('both replicas killed (NOREPLICAS)', async (scene, ms) => {
      const replicas = await group.replicas();
      await ofPath(scene, async () => {
        await Promise.all(replicas.map((replica) => replica.kill()));
        await pause(ms);
        await back(replicas);
      });
    }),
  ];
}

/** A replica that is connected counts a while later. */
async function loneliness(group: SentinelGroup): Promise<string | undefined> {
  const states = await Promise.all(group.servers.map(isStrong));
  return states.includes(true) ? undefined : 'no primary has a replica to count on';
}

async function isStrong(server: RedisServer): Promise<boolean> {
  const info = String(await server.command('INFO', 'replication').catch(() => ''));
  return /role:master/.test(info) && /min_slaves_good_slaves:[1-9]/.test(info);
}

/** While no primary has a replica to count on, nobody may write: that is as good as a path that is cut, from when it was last seen to be well. */
async function watchLoneliness(
  group: SentinelGroup,
  history: History,
  stopped: { readonly isSo: boolean },
): Promise<void> {
  let well = now();
  let over: ((to: number) => void) | undefined;
  while (!stopped.isSo) {
    const asked = now();
    if ((await loneliness(group)) !== undefined) over ??= history.disturb('path', well);
    else {
      over?.(now());
      over = undefined;
      well = asked;
    }
    await pause(WATCH_EVERY);
  }
}

/** Sentinels take a replica for a bad one when they did not hear of it for a moment. */
async function askedFor(group: SentinelGroup): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await group.settled();
      await group.failover('asked');
      return;
    } catch (error) {
      if (!/NOGOODSLAVE|INPROG/.test(String(error)) || tries === MOST_TRIES) throw error;
      await pause(ASK_EVERY);
    }
  }
}

function backStrictly(server: RedisServer): Promise<void> {
  return server.restart({ args: Object.entries(STRICT).flatMap(([name, value]) => [`--${name}`, value]) });
}
