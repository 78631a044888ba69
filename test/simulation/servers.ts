import type { Scheduler } from './scheduler.js';
import type { SimulatedProcess } from './simulated-process.js';
import { type Keyspace, ModelledRedis } from './modelled-redis.js';
import type { Kept, Rule } from './modelled-records.js';
import type { Wire } from './wire.js';

/** What all servers of one run have in common. */
export interface ServerSettings {
  readonly scheduler: Scheduler;
  readonly without: readonly Rule[];
  readonly onBranch: (branch: string) => void;
  /** Before Redis 7 an error that stops a script comes wrapped into another. */
  readonly wrapsErrors: boolean;
}

interface Change {
  readonly at: number;
  readonly key: string;
  readonly kept: Kept | undefined;
}

/** When the servers' clocks are said to have been started, in microseconds. */
const EPOCH = 1_763_000_000_000_000;

/** One server: the model of Redis, with a clock of its own and a memory of what it held when. */
export class Server {
  readonly model: ModelledRedis;
  readonly wires = new Set<Wire>();
  isAlive = true;
  #isLoading = false;
  readonly #settings: ServerSettings;
  readonly #base: Keyspace;
  readonly #changes: Change[] = [];
  readonly #time: () => number;
  readonly #refusals = new Set<{ readonly reason: string }>();

  /** `offset`: by how many milliseconds its clock is ahead. */
  constructor(settings: ServerSettings, server: { runId: string; offset: number; data: Keyspace }) {
    const { scheduler, without, onBranch } = settings;
    this.#settings = settings;
    this.#base = server.data;
    this.#time = () => EPOCH + Math.floor((scheduler.now + server.offset) * 1_000);
    this.model = new ModelledRedis({
      time: this.#time,
      runId: server.runId,
      without,
      onBranch,
      onChange: (key, kept) => void this.#changes.push({ at: scheduler.now, key, kept }),
    });
    this.model.restart(server.runId, server.data);
  }

  /** What its clock says. */
  get micros(): number {
    return this.#time();
  }

  execute<T>(command: (model: ModelledRedis) => T): T {
    if (this.#isLoading) throw new Error('LOADING Redis is loading the dataset in memory');
    try {
      return command(this.model);
    } catch (error) {
      const { message } = error as Error;
      if (!this.#settings.wrapsErrors) throw error;
      throw new Error(`ERR Error running script (call to f_0): @user_script:7: @user_script: 7: -${message}`);
    }
  }

  /** Refuses every write from now on; the answer ends that. */
  refuse(reason: string): () => void {
    const refusal = { reason };
    this.#refusals.add(refusal);
    const apply = (): void => {
      this.model.refusal = [...this.#refusals].at(-1)?.reason;
    };
    apply();
    return () => {
      this.#refusals.delete(refusal);
      apply();
    };
  }

  /** Refuses whatever it is asked, for it reads its file; the answer ends that. */
  load(): () => void {
    this.#isLoading = true;
    return () => {
      this.#isLoading = false;
    };
  }

  /** What it held at an instant, which is what a replica holds that lags, or a file that was written then. */
  dataAt(instant: number): Keyspace {
    const data = new Map(this.#base);
    for (const { at, key, kept } of this.#changes) {
      if (at > instant) break;
      if (kept === undefined) data.delete(key);
      else data.set(key, kept);
    }
    return data;
  }
}

/** Where a server is to be found. */
export class ServerRoom {
  readonly #settings: ServerSettings;
  readonly #stuck = new Set<SimulatedProcess>();
  #former: Server | undefined;
  readonly #offset: number;
  #made = 0;
  primary: Server;

  /** `offset`: by how many milliseconds their clocks are ahead, on the whole. */
  constructor(settings: ServerSettings, offset: number) {
    this.#settings = settings;
    this.#offset = offset;
    this.primary = this.#make(0, new Map());
  }

  /** The one that a process finds when it connects now. */
  serverFor(process: SimulatedProcess): Server {
    return this.#former !== undefined && this.#stuck.has(process) ? this.#former : this.primary;
  }

  /** Whether some have a former primary before them still. */
  get isSplit(): boolean {
    return this.#former !== undefined;
  }

  /** Another server takes over, with what it has, and a clock that is off by so many milliseconds. */
  replace(data: Keyspace, skew: number): Server {
    const before = this.primary;
    this.primary = this.#make(skew, data);
    return before;
  }

  /** Some processes go on with the former primary. */
  stick(former: Server, processes: readonly SimulatedProcess[]): void {
    this.#former = former;
    for (const process of processes) this.#stuck.add(process);
  }

  unstick(): void {
    this.#former = undefined;
    this.#stuck.clear();
  }

  #make(skew: number, data: Keyspace): Server {
    const runId = String(this.#made++).padStart(40, 'a');
    return new Server(this.#settings, { runId: `${runId}:${'b'.repeat(40)}`, offset: this.#offset + skew, data });
  }
}
