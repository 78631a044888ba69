import type { Reply } from './resp.js';
import { Sentinel } from './sentinel.js';
import { RedisServer } from './server.js';
import { until } from './until.js';

const NAME = 'main';
const SENTINELS = 3;
const QUORUM = 2;
/** The user as which Sentinels and replicas come: without its rights, a server is cut off from them. */
const PEER = 'peer';
const SECRET = 'peers-only';
/** Sentinels look around more often than by default, so that each test is short; a busy machine is not taken for a broken clock. */
const PACE = { 'info-period': 500, 'ask-period': 300, 'publish-period': 300, 'tilt-trigger': 20_000 };

export interface SentinelGroupOptions {
  /** After how many ms without a word a server is taken for down. */
  readonly downAfter?: number;
  readonly failoverTimeout?: number;
  /** One if nothing is said. */
  readonly replicas?: number;
}

/** A real primary with a replica or more, and three Sentinels that watch them. They end with this process, however that ends. */
export class SentinelGroup {
  readonly servers: readonly RedisServer[];
  readonly sentinels: readonly Sentinel[];
  #apart: RedisServer | undefined;

  private constructor(servers: readonly RedisServer[], sentinels: readonly Sentinel[]) {
    this.servers = servers;
    this.sentinels = sentinels;
  }

  static async start(options: SentinelGroupOptions = {}): Promise<SentinelGroup> {
    const { downAfter = 600, failoverTimeout = 3_000, replicas = 1 } = options;
    const [servers, sentinels] = await Promise.all([
      Promise.all(Array.from({ length: 1 + replicas }, startServer)),
      Promise.all(Array.from({ length: SENTINELS }, () => Sentinel.start())),
    ]);
    const group = new SentinelGroup(servers, sentinels);
    const [primary, ...others] = servers as [RedisServer, ...RedisServer[]];
    try {
      for (const replica of others) await replica.command('REPLICAOF', '127.0.0.1', primary.port);
      const settings = { 'down-after-milliseconds': downAfter, 'failover-timeout': failoverTimeout };
      const known = { 'auth-user': PEER, 'auth-pass': SECRET };
      for (const sentinel of sentinels) {
        await sentinel.command('SENTINEL', 'DEBUG', ...Object.entries(PACE).flat());
        await sentinel.monitor(NAME, primary.port, QUORUM);
        await sentinel.command('SENTINEL', 'SET', NAME, ...Object.entries({ ...known, ...settings }).flat());
      }
      await group.settled();
      return group;
    } catch (error) {
      await group.stop();
      throw error;
    }
  }

  /** As ioredis takes them. */
  options(): { sentinels: { host: string; port: number }[]; name: string } {
    return { sentinels: this.sentinels.map(({ port }) => ({ host: '127.0.0.1', port })), name: NAME };
  }

  /** The one that the Sentinels name to clients. */
  async primary(): Promise<RedisServer> {
    const { port } = (await this.#opinions())[0] ?? {};
    const primary = this.servers.find((server) => String(server.port) === port);
    if (primary === undefined) throw new Error(`the Sentinels name ${port}`);
    return primary;
  }

  /** The first of the others. */
  async replica(): Promise<RedisServer> {
    const [replica] = await this.replicas();
    if (replica === undefined) throw new Error('there is one server alone');
    return replica;
  }

  async replicas(): Promise<readonly RedisServer[]> {
    const primary = await this.primary();
    return this.servers.filter((server) => server !== primary);
  }

  /** Resolves when all Sentinels name the same primary and wait for nothing, and the other servers, as far as they reach them, replicate. */
  settled(): Promise<void> {
    return until(() => this.#unrest());
  }

  /** Puts a replica in the place of the primary, as a Sentinel is asked to or because the primary was killed. */
  async failover(how: 'asked' | 'kill'): Promise<RedisServer> {
    const primary = await this.primary();
    if (how === 'kill') await primary.kill();
    else await this.sentinels[0]?.command('SENTINEL', 'FAILOVER', NAME);
    return this.successor(primary);
  }

  /** Resolves with the server that is primary in place of another, when all Sentinels agree. */
  async successor(of: RedisServer): Promise<RedisServer> {
    await until(async () =>
      (await this.primary()) === of ? `the server at ${of.port} is not replaced` : this.#unrest(),
    );
    return this.primary();
  }

  /** Starts a server that was killed. It comes back as an empty primary, until the Sentinels make a replica of it. */
  async restart(server: RedisServer): Promise<void> {
    await server.restart();
    await this.settled();
  }

  /** Cuts the primary off from replica and Sentinels, while clients still reach it. Returns at once: see `successor`. */
  async partition(): Promise<RedisServer> {
    const primary = await this.primary();
    await primary.command('ACL', 'SETUSER', PEER, '-@all');
    await primary.command('CLIENT', 'KILL', 'TYPE', 'replica');
    this.#apart = primary;
    return primary;
  }

  /** Ends the partition, and returns when the one that was cut off is what the Sentinels take it for. */
  async heal(): Promise<void> {
    if (this.#apart?.running === true) await this.#apart.command('ACL', 'SETUSER', PEER, '+@all');
    this.#apart = undefined;
    await this.settled();
  }

  async stop(): Promise<void> {
    await Promise.all([...this.servers, ...this.sentinels].map((process) => process.stop()));
  }

  async #opinions(): Promise<readonly Readonly<Record<string, string>>[]> {
    const asked = this.sentinels.filter(({ running }) => running);
    return Promise.all(asked.map(async (sentinel) => fieldsOf(await sentinel.command('SENTINEL', 'MASTER', NAME))));
  }

  async #unrest(): Promise<string | undefined> {
    const opinions = await this.#opinions();
    const named = new Set(opinions.map((opinion) => `${opinion['port']} ${opinion['flags']}`));
    const primary = await this.primary();
    if (named.size > 1 || !named.has(`${primary.port} master`)) return `the Sentinels say: ${[...named].join(', ')}`;
    const known = { 'num-slaves': this.servers.length - 1, 'num-other-sentinels': SENTINELS - 1 };
    const lonely = opinions.some((opinion) =>
      Object.entries(known).some(([of, count]) => Number(opinion[of]) !== count),
    );
    if (lonely) return 'the Sentinels do not know all';
    if (listOf(await primary.command('ROLE'))[0] !== 'master') return `the server at ${primary.port} is no primary yet`;
    const replicas = (await this.replicas()).filter((replica) => replica.running && replica !== this.#apart);
    const complaints = await Promise.all(replicas.map((replica) => this.#restOf(replica, primary)));
    return complaints.find((complaint) => complaint !== undefined);
  }

  async #restOf(replica: RedisServer, primary: RedisServer): Promise<string | undefined> {
    const [role, , port, state] = listOf(await replica.command('ROLE'));
    if (role !== 'slave' || port !== primary.port || state !== 'connected')
      return `the server at ${replica.port}: ${String(role)}, ${String(state)}`;
    for (const sentinel of this.sentinels.filter(({ running }) => running)) {
      const seen = listOf(await sentinel.command('SENTINEL', 'REPLICAS', NAME)).map(fieldsOf);
      const fields = seen.find((one) => one['port'] === String(replica.port));
      const fit = fields?.['flags'] === 'slave' && fields['master-link-status'] === 'ok';
      if (!fit) return `the Sentinel at ${sentinel.port} finds the replica: ${fields?.['flags']}`;
    }
    return undefined;
  }
}

function startServer(): Promise<RedisServer> {
  return RedisServer.start({
    users: ['default on nopass ~* &* +@all', `${PEER} on >${SECRET} ~* &* +@all`],
    args: ['--masteruser', PEER, '--masterauth', SECRET, '--repl-diskless-sync-delay', '0'],
  });
}

function listOf(reply: Reply): readonly Reply[] {
  if (!Array.isArray(reply)) throw new TypeError(`no list: ${String(reply)}`);
  return reply as readonly Reply[];
}

/** A reply of names and values by turns. */
function fieldsOf(reply: Reply): Readonly<Record<string, string>> {
  const list = listOf(reply).map(String);
  return Object.fromEntries(list.flatMap((name, index) => (index % 2 === 0 ? [[name, list[index + 1] ?? '']] : [])));
}
