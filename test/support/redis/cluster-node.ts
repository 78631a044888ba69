import { Proxy } from './proxy.js';
import { likelyFreePort } from '../../../lib/testing/network/likely-free-port.js';
import type { Argument, Reply } from './resp.js';
import { RedisServer } from './server.js';
import { isItself, parseNodes, type SeenNode } from './cluster-view.js';

/** What Redis adds to a port for the port on which nodes talk to each other. */
const TO_BUS = 10_000;
/** The user as which nodes replicate: without its rights, none does. */
const PEER = 'peer';
const SECRET = 'peers-only';
const LONG = 3_600_000;

export interface ClusterNodeOptions {
  readonly nodeTimeout: number;
  /** Where its own connections to other nodes come from; with it, those of others to it go through a proxy. */
  readonly source: string | undefined;
  readonly args: readonly string[];
}

/** One server of a cluster. It may be given to clients as it is: it has a host and a port. */
export class ClusterNode {
  readonly host = '127.0.0.1';
  readonly port: number;
  readonly id: string;
  readonly #server: RedisServer;
  readonly #options: ClusterNodeOptions;
  readonly #bus: Proxy | undefined;
  #paused = false;
  #apart = false;

  private constructor(server: RedisServer, id: string, options: ClusterNodeOptions, bus?: Proxy) {
    this.port = server.port;
    this.id = id;
    this.#server = server;
    this.#options = options;
    this.#bus = bus;
  }

  static async start(options: ClusterNodeOptions): Promise<ClusterNode> {
    let target = 0;
    const bus = options.source === undefined ? undefined : await Proxy.start(() => target);
    try {
      const server = await RedisServer.start({
        users: ['default on nopass ~* &* +@all', `${PEER} on >${SECRET} ~* &* +@all`],
        // Both ports are tried anew when one of the two is taken, and neither lies among those of clients.
        nextPort: () => likelyFreePort(32_000 - TO_BUS),
        args: argsOf(options, bus),
      });
      target = server.port + TO_BUS;
      return new ClusterNode(server, String(await server.command('CLUSTER', 'MYID')), options, bus);
    } catch (error) {
      await bus?.close();
      throw error;
    }
  }

  /** The port at which other nodes find it. */
  get busPort(): number {
    return this.#bus?.port ?? this.port + TO_BUS;
  }

  /** Whether it was not ended, though it may stand still. */
  get running(): boolean {
    return this.#server.running;
  }

  /** Whether it can be asked anything. */
  get awake(): boolean {
    return this.#server.running && !this.#paused;
  }

  /** Whether other nodes can reach it. */
  get reachable(): boolean {
    return this.awake && !this.#apart;
  }

  /** Where it keeps its data. */
  get data(): string {
    return this.#server.data;
  }

  command(...command: readonly Argument[]): Promise<Reply> {
    return this.#server.command(...command);
  }

  /** All nodes, as it sees them. */
  async view(): Promise<readonly SeenNode[]> {
    return parseNodes(String(await this.command('CLUSTER', 'NODES')));
  }

  /** What it takes itself for. */
  async itself(): Promise<SeenNode> {
    const seen = (await this.view()).find(isItself);
    if (seen === undefined) throw new Error(`the node at ${this.port} does not know itself`);
    return seen;
  }

  /** Ends it at once. Its data is lost; its place in the cluster it keeps in a file. */
  kill(): Promise<void> {
    this.#paused = false;
    return this.#server.kill();
  }

  pause(): void {
    this.#server.pause();
    this.#paused = true;
  }

  resume(): void {
    this.#server.resume();
    this.#paused = false;
  }

  /** Starts it again after it was killed. */
  restart(): Promise<void> {
    if (this.#server.running) throw new Error(`the node at ${this.port} runs`);
    if (this.#apart) throw new Error(`the node at ${this.port} is apart, which it would forget`);
    return this.#server.restart();
  }

  /** Goes on, or is started again, whatever has become of it; to be called when it is not apart any more. */
  async wake(): Promise<void> {
    if (this.#paused) this.resume();
    else if (!this.#server.running) await this.restart();
  }

  /**
   * Cuts it off from the others, both ways, while clients still reach it. Its own patience grows with that: it would otherwise
   * notice that it is alone and refuse to serve, before the others have another primary for its slots.
   */
  async leave(others: readonly ClusterNode[]): Promise<void> {
    const { source } = this.#options;
    if (this.#bus === undefined || source === undefined)
      throw new Error('the cluster was not started as partitionable');
    await this.command('CONFIG', 'SET', 'cluster-node-timeout', LONG, 'masterauth', 'none');
    this.#apart = true;
    for (const other of others) other.#bus?.refuse(source);
    await this.#bus.cut();
    await this.command('ACL', 'SETUSER', PEER, 'off');
    for (const type of ['replica', 'master']) await this.command('CLIENT', 'KILL', 'TYPE', type);
  }

  /** Lets it and the others find each other again. */
  async join(others: readonly ClusterNode[]): Promise<void> {
    if (!this.#apart) return;
    if (this.awake) {
      await this.command('ACL', 'SETUSER', PEER, 'on');
      await this.command('CONFIG', 'SET', 'cluster-node-timeout', this.#options.nodeTimeout, 'masterauth', SECRET);
    }
    await Promise.all([this, ...others].map(async (node) => node.#bus?.heal()));
    this.#apart = false;
  }

  async stop(): Promise<void> {
    await Promise.all([this.#server.stop(), this.#bus?.close()]);
  }
}

function argsOf({ nodeTimeout, source, args }: ClusterNodeOptions, bus: Proxy | undefined): string[] {
  const settings = {
    'cluster-enabled': 'yes',
    'cluster-node-timeout': nodeTimeout,
    'cluster-require-full-coverage': 'no',
    'cluster-replica-validity-factor': 0,
    'cluster-allow-replica-migration': 'no',
    'cluster-announce-ip': '127.0.0.1',
    'repl-diskless-sync-delay': 0,
    masteruser: PEER,
    masterauth: SECRET,
    // Protected, it would take the address 127.0.0.1 alone for its own machine.
    ...(source !== undefined && { 'bind-source-addr': source, 'protected-mode': 'no' }),
    ...(bus !== undefined && { 'cluster-announce-bus-port': bus.port }),
  };
  return [...Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]), ...args];
}
