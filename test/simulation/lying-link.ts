import type { LinkListener, RedisLink } from '../../lib/redis/link.js';
import type { ScriptCall } from '../../lib/redis/scripts.js';

type Values = readonly (Buffer | null)[];

/** What a lying link does in place of passing things on. */
export interface Lies {
  readonly run?: (call: ScriptCall, send: (call: ScriptCall) => Promise<unknown>) => Promise<unknown>;
  readonly mget?: (keys: readonly string[], send: (keys: readonly string[]) => Promise<Values>) => Promise<Values>;
  readonly hear?: (text: string, pass: (text: string) => void) => void;
  readonly connection?: (connection: number | undefined) => number | undefined;
  readonly reconnect?: () => void;
}

/** A link that does not tell the truth. */
export class LyingLink implements RedisLink {
  readonly #link: RedisLink;
  readonly #lies: Lies;

  constructor(link: RedisLink, lies: Lies) {
    this.#link = link;
    this.#lies = lies;
  }

  get connection(): number | undefined {
    const { connection } = this.#link;
    return this.#lies.connection === undefined ? connection : this.#lies.connection(connection);
  }

  get audience(): string {
    return this.#link.audience;
  }

  open(channels: readonly string[], listener: LinkListener): Promise<void> {
    const { hear } = this.#lies;
    if (hear === undefined) return this.#link.open(channels, listener);
    return this.#link.open(channels, {
      connected: () => listener.connected(),
      disconnected: () => listener.disconnected(),
      subscribed: () => listener.subscribed(),
      unsubscribed: () => listener.unsubscribed(),
      failed: (error) => listener.failed(error),
      message: (channel, text) => hear(text, (told) => listener.message(channel, told)),
    });
  }

  run(call: ScriptCall): Promise<unknown> {
    const send = (sent: ScriptCall): Promise<unknown> => this.#link.run(sent);
    return this.#lies.run === undefined ? send(call) : this.#lies.run(call, send);
  }

  mget(keys: readonly string[]): Promise<Values> {
    const send = (sent: readonly string[]): Promise<Values> => this.#link.mget(sent);
    return this.#lies.mget === undefined ? send(keys) : this.#lies.mget(keys, send);
  }

  resubscribe(): void {
    this.#link.resubscribe();
  }

  reconnect(): void {
    if (this.#lies.reconnect === undefined) this.#link.reconnect();
    else this.#lies.reconnect();
  }

  afterArrivals(task: () => void): void {
    this.#link.afterArrivals(task);
  }

  close(): Promise<void> {
    return this.#link.close();
  }
}

/** A state in a reply: the epoch, the stream's id, its number. */
export interface StateText {
  readonly epoch: string;
  readonly sid: string;
  readonly n: number;
}

export function stateIn(value: unknown): StateText | undefined {
  if (!Buffer.isBuffer(value)) return undefined;
  const [epoch, sid, n] = value.toString('latin1').split('|');
  return epoch?.length === 32 && sid?.length === 32 && n !== undefined ? { epoch, sid, n: Number(n) } : undefined;
}

export function bytesOf({ epoch, sid, n }: StateText): Buffer {
  return Buffer.from(`${epoch}|${sid}|${n}`, 'latin1');
}

/** Every state in a reply, another in its place. */
export function withStates(reply: unknown, change: (state: StateText) => StateText): unknown {
  const state = stateIn(reply);
  if (state !== undefined) return bytesOf(change(state));
  return Array.isArray(reply) ? reply.map((part: unknown) => withStates(part, change)) : reply;
}
