import type { ScriptArgument, ScriptCall, ScriptPort } from '../../lib/redis/scripts.js';
import type { Kept, Raw, Rule } from './modelled-records.js';
import { SCRIPTS } from './modelled-scripts.js';
import { type Host, ScriptRun } from './script-run.js';

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
export class ModelledRedis implements ScriptPort, Host {
  readonly #time: () => number;
  readonly without: ReadonlySet<Rule>;
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
    this.without = new Set(without);
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
    return replyOf(SCRIPTS[script](new ScriptRun(this, script), keys, args.map(textOf)));
  }

  mget(keys: readonly string[]): Promise<readonly (Buffer | null)[]> {
    return Promise.resolve(this.mgetNow(keys));
  }

  mgetNow(keys: readonly string[]): readonly (Buffer | null)[] {
    return keys.map((key) => bytesOf(this.live(key)?.text));
  }

  /** As `PTTL`: -2 for a key that is not there, -1 for one that lives for ever. */
  pttl(key: string): number {
    const kept = this.live(key);
    if (kept === undefined) return -2;
    return kept.until === undefined ? -1 : Math.ceil((kept.until - this.#time()) / 1_000);
  }

  /** Also what an eviction does, and what the end of a key's life does. */
  delete(key: string): boolean {
    const was = this.live(key) !== undefined;
    if (this.#kept.delete(key)) this.#onChange(key, undefined);
    return was;
  }

  /** Somebody else's value; undefined for one that is no string. */
  put(key: string, text: string | undefined): void {
    this.write(key, { text, until: undefined });
  }

  flush(): void {
    for (const key of this.#kept.keys()) this.#onChange(key, undefined);
    this.#kept.clear();
  }

  get keys(): readonly string[] {
    return [...this.#kept.keys()].filter((key) => this.live(key) !== undefined);
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

  publish(channel: string, message: string): void {
    for (const subscriber of this.#subscribers) subscriber(channel, message);
  }

  get runId(): string {
    return this.#runId;
  }

  get micros(): number {
    return this.#time();
  }

  took(branch: string): void {
    this.#onBranch(branch);
  }

  write(key: string, kept: Kept): void {
    this.#kept.set(key, kept);
    this.#onChange(key, kept);
  }

  live(key: string): Kept | undefined {
    const kept = this.#kept.get(key);
    return kept?.until !== undefined && kept.until <= this.#time() ? undefined : kept;
  }
}

function replyOf(raw: Raw): unknown {
  if (typeof raw === 'number') return raw;
  if (typeof raw === 'string' || raw === undefined) return bytesOf(raw);
  return raw.map(replyOf);
}

/** Bytes as Latin-1 text: ASCII stands for itself. */
function textOf(given: ScriptArgument): string {
  if (typeof given !== 'string') return given.toString('latin1');
  return Buffer.byteLength(given) === given.length ? given : Buffer.from(given).toString('latin1');
}

function bytesOf(text: string | undefined): Buffer | null {
  return text === undefined ? null : Buffer.from(text, 'latin1');
}
