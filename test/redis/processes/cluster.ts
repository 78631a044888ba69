import type { LayerCacheOptions } from '../../../lib/index.js';
import type { RedisUse } from '../../../lib/policy/redis-options.js';
import { Proxy } from '../../support/redis/proxy.js';
import { RedisServer, type RedisServerOptions } from '../../support/redis/server.js';
import { keysOf } from './catalogue.js';
import { Checker } from './checker.js';
import type { Verdict } from './verdict.js';
import { History } from './history.js';
import { now, type Plan } from './records.js';
import { recovery } from './recovery.js';
import { Source } from './source.js';
import { WorkerProcess } from './worker-process.js';

export interface ClusterOptions {
  readonly processes: number;
  /** How many of them, from the last, reach Redis by a proxy of their own. */
  readonly proxied?: number;
  readonly server?: RedisServerOptions;
  readonly cache?: Omit<LayerCacheOptions, 'redis'> & { readonly redis?: RedisUse };
  readonly seed?: number;
}

/** X, and for how long memory answers without Redis. */
export const STALE_BOUND = 500;
export const DETACHED_TTL = 700;
/** A call ends by then, whatever has become of Redis. */
const LONGEST_CALL = 8_000;
/** A history of less says little. */
const LEAST_READS = 300;
const LEAST_INVALIDATIONS = 30;

/** A Redis, processes that share it, and the history of what they do. */
export class Cluster {
  readonly history = new History();
  readonly server: RedisServer;
  readonly proxies: readonly Proxy[];
  readonly workers: WorkerProcess[] = [];
  readonly #options: ClusterOptions;
  readonly #source: Source;
  #plan: Plan | undefined;

  private constructor(server: RedisServer, proxies: readonly Proxy[], options: ClusterOptions) {
    this.server = server;
    this.proxies = proxies;
    this.#options = options;
    this.#source = new Source(this.history, options.seed ?? 1);
  }

  static async start(options: ClusterOptions): Promise<Cluster> {
    const server = await RedisServer.start(options.server);
    const proxies = await Promise.all(Array.from({ length: options.proxied ?? 0 }, () => Proxy.start(server.port)));
    const cluster = new Cluster(server, proxies, options);
    try {
      await Promise.all(Array.from({ length: options.processes }, (_, index) => cluster.#join(index)));
      return cluster;
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  /** One more process, which knows nothing yet. */
  async newcomer(): Promise<WorkerProcess> {
    return this.#join(this.workers.length);
  }

  /** Users of every process begin to call. */
  async work(plan: Partial<Plan> = {}): Promise<void> {
    const whole = {
      seed: 1,
      users: 6,
      pauseMs: 24,
      together: 1,
      writes: 0.08,
      clears: 0.01,
      perSecond: 0,
      keys: 24,
      ballast: 0,
      ...plan,
    };
    this.#plan = whole;
    await Promise.all(
      this.workers.map((worker, index) =>
        worker.do({ act: 'work', plan: { ...whole, seed: whole.seed * 100 + index } }),
      ),
    );
  }

  /** Lets them go on for so long. */
  async goOn(ms: number): Promise<void> {
    await this.workers[0]?.do({ act: 'pass', ms });
  }

  /** What is done between Redis and one process, or all of them, from now until it is over. */
  async disturb(task: () => Promise<void>, process?: string): Promise<void> {
    const over = this.history.disturb('path', now(), process);
    await task();
    over(now());
  }

  /** Redis forgets something, while every path to it is whole. */
  async forget(task: () => Promise<unknown>): Promise<void> {
    const over = this.history.disturb('state', now());
    await task();
    over(now());
  }

  /** From now on Redis may forget anything at any moment. */
  becomeForgetful(): void {
    this.history.disturb('state', now());
  }

  /**
   * Everybody comes to rest, is seen to answer from memory and from Redis again, and reads everything once more; then a newcomer
   * reads what lies in Redis. What is answered is judged by the whole history.
   */
  async verdict(): Promise<Verdict & { readonly recoveredAfter: number }> {
    const { history } = this;
    // On a busy machine that takes its time.
    while (history.reads.length < LEAST_READS || history.invalidations.length < LEAST_INVALIDATIONS)
      await this.goOn(50);
    const { after: recoveredAfter, complaints } = await recovery(this.#alive);
    for (const { by, text } of complaints) history.take({ kind: 'unended', by, at: now(), text });
    await Promise.all(this.#alive.map((worker) => worker.do({ act: 'rest', limitMs: LONGEST_CALL })));
    // What was owed has been told, and what could not be proven has come to its end.
    await this.goOn(STALE_BOUND + DETACHED_TTL);
    const restFrom = now();
    const keys = keysOf(this.#plan?.keys ?? 0);
    await Promise.all([...this.#alive, await this.newcomer()].map((worker) => worker.do({ act: 'readAll', keys })));
    await Promise.all(this.#alive.map((worker) => worker.close()));
    const promised = { staleBound: STALE_BOUND, detachedTtl: DETACHED_TTL, restFrom };
    return { ...new Checker(history, promised).judge(), recoveredAfter };
  }

  async stop(): Promise<void> {
    await Promise.all(this.#alive.map((worker) => worker.kill()));
    await Promise.all(this.proxies.map((proxy) => proxy.close()));
    await this.server.stop();
  }

  get #alive(): readonly WorkerProcess[] {
    return this.workers.filter(({ isAlive }) => isAlive);
  }

  async #join(index: number): Promise<WorkerProcess> {
    const { processes, cache } = this.#options;
    const proxy = this.proxies[index - processes + this.proxies.length];
    const worker = new WorkerProcess({
      name: `p${index}`,
      history: this.history,
      source: this.#source,
      options: {
        prefix: 'shop',
        staleBound: STALE_BOUND,
        detachedTtl: DETACHED_TTL,
        ...cache,
        redis: { ...cache?.redis, url: `redis://127.0.0.1:${proxy?.port ?? this.server.port}` },
      },
    });
    this.workers[index] = worker;
    await worker.do({ act: 'ready' });
    return worker;
  }
}
