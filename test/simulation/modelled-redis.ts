import type { ScriptCall, ScriptPort } from '../../lib/redis/scripts.js';
import type { Commands, Raw, Rule } from './modelled-records.js';
import { SCRIPTS } from './modelled-scripts.js';

export interface Kept {
  /** Bytes as Latin-1 text; undefined for a value of another type than string. */
  readonly text: string | undefined;
  /** In microseconds of the server's clock; none lives for ever. */
  readonly until: number | undefined;
}

export type Keyspace = ReadonlyMap<string, Kept>;
export type Subscriber = (channel: string, message: string) => void;

export interface ModelOptions {
  /** The server's clock, in microseconds. */
  readonly time: () => number;
  /** The run id and the replication id: what tells this server from all others, and from itself before a failover. */
  readonly runId: string;
  /** Rules of the scripts that are switched off: a test that does not notice is worth nothing. */
  readonly without?: readonly Rule[];
  /** Told which way each run of a script took. */
  readonly onBranch?: (branch: string) => void;
  /** Told of each value that is written, or dropped. */
  readonly onChange?: (key: string, kept: Kept | undefined) => void;
}

/** What our scripts and plain reads mean, without a server. Publishing reaches the subscribers at once: how it travels is the network's affair. */
export class ModelledRedis implements ScriptPort {
  readonly #time: () => number;
  readonly #without: ReadonlySet<Rule>;
  readonly #onBranch: (branch: string) => void;
  readonly #onChange: (key: string, kept: Kept | undefined) => void;
  readonly #subscribers = new Set<Subscriber>();
  #kept = new Map<string, Kept>();
  #runId: string;
  /** At `maxmemory`, with nothing to evict. */
  full = false;
  /** Why it refuses every write: it is no primary any more, or cannot save, or has too few replicas. */
  refusal: string | undefined;

  constructor({ time, runId, without = [], onBranch = () => {}, onChange = () => {} }: ModelOptions) {
    this.#time = time;
    this.#runId = runId;
    this.#without = new Set(without);
    this.#onBranch = onBranch;
    this.#onChange = onChange;
  }

  run(call: ScriptCall): Promise<unknown> {
    try {
      return Promise.resolve(this.runNow(call));
    } catch (error) {
      return Promise.reject(error as Error);
    }
  }

  runNow({ script, keys, args }: ScriptCall): unknown {
    const texts = args.map((arg) => (typeof arg === 'string' ? Buffer.from(arg) : arg).toString('latin1'));
    return replyOf(SCRIPTS[script](this.#commands(script), keys, texts));
  }

  mget(keys: readonly string[]): Promise<readonly (Buffer | null)[]> {
    return Promise.resolve(this.mgetNow(keys));
  }

  mgetNow(keys: readonly string[]): readonly (Buffer | null)[] {
    return keys.map((key) => bytesOf(this.#live(key)?.text));
  }

  /** As `PTTL`: -2 for a key that is not there, -1 for one that lives for ever. */
  pttl(key: string): number {
    const kept = this.#live(key);
    if (kept === undefined) return -2;
    return kept.until === undefined ? -1 : Math.ceil((kept.until - this.#time()) / 1_000);
  }

  /** Also what an eviction does, and what the end of a key's life does. */
  delete(key: string): boolean {
    const was = this.#live(key) !== undefined;
    if (this.#kept.delete(key)) this.#onChange(key, undefined);
    return was;
  }

  /** Somebody else's value; undefined for one that is no string. */
  put(key: string, text: string | undefined): void {
    this.#write(key, { text, until: undefined });
  }

  flush(): void {
    for (const key of this.#kept.keys()) this.#onChange(key, undefined);
    this.#kept.clear();
  }

  get keys(): readonly string[] {
    return [...this.#kept.keys()].filter((key) => this.#live(key) !== undefined);
  }

  snapshot(): Keyspace {
    return new Map(this.#kept);
  }

  /** Another process in its place, with the data of a snapshot; who was subscribed is no longer. */
  restart(runId: string, data: Keyspace = new Map()): void {
    this.#runId = runId;
    this.#kept = new Map(data);
    this.#subscribers.clear();
  }

  subscribe(subscriber: Subscriber): () => void {
    this.#subscribers.add(subscriber);
    return () => this.#subscribers.delete(subscriber);
  }

  #write(key: string, kept: Kept): void {
    this.#kept.set(key, kept);
    this.#onChange(key, kept);
  }

  #live(key: string): Kept | undefined {
    const kept = this.#kept.get(key);
    return kept?.until !== undefined && kept.until <= this.#time() ? undefined : kept;
  }

  /** What one run of a script may call. A full server refuses what may grow it, unless the run has written already. */
  #commands(script: string): Commands {
    let hasWritten = false;
    const write = (): void => {
      if (this.refusal !== undefined) throw new Error(this.refusal);
      hasWritten = true;
    };
    const grow = (): void => {
      if (this.full && !hasWritten) throw new Error("OOM command not allowed when used memory > 'maxmemory'.");
      write();
    };
    return {
      without: this.#without,
      branch: (branch) => this.#onBranch(`${script} ${branch}`),
      micros: this.#time,
      runId: () => this.#runId,
      get: (key) => this.#live(key)?.text,
      set: (key, text, px) => {
        grow();
        this.#write(key, { text, until: px === undefined ? undefined : this.#time() + Number(px) * 1_000 });
      },
      setrange: (key, offset, text) => {
        grow();
        const { text: before = '', until } = this.#live(key) ?? { until: undefined };
        this.#write(key, { text: before.slice(0, offset) + text + before.slice(offset + text.length), until });
      },
      del: (...keys) => {
        write();
        for (const key of keys) this.delete(key);
      },
      pttl: (key) => this.pttl(key),
      pexpire: (key, px) => {
        write();
        const kept = this.#live(key);
        if (kept !== undefined) this.#write(key, { ...kept, until: this.#time() + Number(px) * 1_000 });
      },
      publish: (channel, message) => {
        for (const subscriber of this.#subscribers) subscriber(channel, message);
      },
    };
  }
}

function replyOf(raw: Raw): unknown {
  if (typeof raw === 'number') return raw;
  if (typeof raw === 'string' || raw === undefined) return bytesOf(raw);
  return raw.map(replyOf);
}

function bytesOf(text: string | undefined): Buffer | null {
  return text === undefined ? null : Buffer.from(text, 'latin1');
}
