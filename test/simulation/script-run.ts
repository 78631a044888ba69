import type { Commands, Kept, Rule } from './modelled-records.js';

/** The server that a script runs in. */
export interface Host {
  readonly without: ReadonlySet<Rule>;
  readonly full: boolean;
  readonly refusal: string | undefined;
  readonly runId: string;
  readonly micros: number;
  live(key: string): Kept | undefined;
  write(key: string, kept: Kept): void;
  delete(key: string): boolean;
  pttl(key: string): number;
  publish(channel: string, message: string): void;
  took(branch: string): void;
}

const labels = new Map<string, Map<string, string>>();

/** Both words, put together once: how often a text is counted that is new each time, that often it is hashed. */
function labelOf(script: string, branch: string): string {
  let known = labels.get(script);
  if (known === undefined) labels.set(script, (known = new Map()));
  let label = known.get(branch);
  if (label === undefined) known.set(branch, (label = `${script} ${branch}`));
  return label;
}

/** What one run of a script may call. A full server refuses what may grow it, unless the run has written already. */
export class ScriptRun implements Commands {
  readonly #host: Host;
  readonly #script: string;
  #hasWritten = false;
  readonly without: ReadonlySet<Rule>;

  constructor(host: Host, script: string) {
    this.#host = host;
    this.#script = script;
    this.without = host.without;
  }

  branch(branch: string): void {
    this.#host.took(labelOf(this.#script, branch));
  }

  micros(): number {
    return this.#host.micros;
  }

  runId(): string {
    return this.#host.runId;
  }

  get(key: string): string | undefined {
    return this.#host.live(key)?.text;
  }

  set(key: string, text: string, px?: string): void {
    this.#grow();
    this.#host.write(key, { text, until: px === undefined ? undefined : this.#in(px) });
  }

  setrange(key: string, offset: number, text: string): void {
    this.#grow();
    const { text: before = '', until } = this.#host.live(key) ?? { until: undefined };
    this.#host.write(key, { text: before.slice(0, offset) + text + before.slice(offset + text.length), until });
  }

  del(...keys: string[]): void {
    this.#write();
    for (const key of keys) this.#host.delete(key);
  }

  pttl(key: string): number {
    return this.#host.pttl(key);
  }

  pexpire(key: string, px: string): void {
    this.#write();
    const kept = this.#host.live(key);
    if (kept !== undefined) this.#host.write(key, { text: kept.text, until: this.#in(px) });
  }

  publish(channel: string, message: string): void {
    this.#host.publish(channel, message);
  }

  #in(px: string): number {
    return this.#host.micros + Number(px) * 1_000;
  }

  #write(): void {
    if (this.#host.refusal !== undefined) throw new Error(this.#host.refusal);
    this.#hasWritten = true;
  }

  #grow(): void {
    if (this.#host.full && !this.#hasWritten)
      throw new Error("OOM command not allowed when used memory > 'maxmemory'.");
    this.#write();
  }
}
