import type { LinkListener, RedisLink } from '../../lib/redis/link.js';
import { RedisLinkError } from '../../lib/redis/link-error.js';
import type { ScriptCall, ScriptName } from '../../lib/redis/scripts.js';
import type { ModelledRedis } from '../simulation/modelled-redis.js';

/** What is asked over a link: a script, or a plain read. */
export type Asked = ScriptName | 'mget';

interface Held {
  readonly asked: Asked;
  readonly goOn: () => void;
}

/**
 * A link to a modelled server that answers in microtasks, in order, until a test lays hands on it. What is published arrives in
 * the next turn of the event loop.
 */
export class ModelledLink implements RedisLink {
  readonly audience = '0';
  /** All that reached the server, in order. */
  readonly asked: Asked[] = [];
  /** How often it was told to make a connection anew. */
  readonly renewed = { data: 0, channel: 0 };
  readonly #server: ModelledRedis;
  #connections = 0;
  #data: 'up' | 'down' = 'down';
  #channel: 'up' | 'down' = 'down';
  /** As the server would be reached if somebody tried. */
  #reachable: { data: boolean; channel: boolean } = { data: true, channel: true };
  #channels: readonly string[] = [];
  #listener: LinkListener | undefined;
  #unsubscribe: () => void = () => undefined;
  #told: Promise<void> = Promise.resolve();
  #holds: 'nothing' | 'requests' | 'replies' = 'nothing';
  #held: Held[] = [];
  readonly #failures: { readonly asked: Asked | 'anything'; readonly text: string }[] = [];
  #drops = false;
  #pace: 'after the reply' | 'before the reply' = 'after the reply';
  #keepsBack: { channel: string; text: string }[] | undefined;

  constructor(server: ModelledRedis) {
    this.#server = server;
  }

  get connection(): number | undefined {
    return this.#data === 'up' ? this.#connections : undefined;
  }

  open(channels: readonly string[], listener: LinkListener): Promise<void> {
    this.#channels = channels;
    this.#listener = listener;
    this.#dial();
    return Promise.resolve();
  }

  run(call: ScriptCall): Promise<unknown> {
    return this.#ask(call.script, () => this.#server.runNow(call));
  }

  mget(keys: readonly string[]): Promise<readonly (Buffer | null)[]> {
    return this.#ask('mget', () => this.#server.mgetNow(keys));
  }

  resubscribe(): void {
    this.renewed.channel++;
    this.#loseChannel();
    this.#dial();
  }

  reconnect(): void {
    this.renewed.data++;
    this.#loseData();
    this.#dial();
  }

  afterArrivals(task: () => void): void {
    setImmediate(task);
  }

  close(): Promise<void> {
    this.#data = 'down';
    this.#channel = 'down';
    this.#listener = undefined;
    this.#unsubscribe();
    return Promise.resolve();
  }

  /** Whether it was closed, or never opened. */
  get isClosed(): boolean {
    return this.#listener === undefined;
  }

  /** Breaks a connection, or both; there is none until `restore`. */
  cut(which: 'data' | 'channel' | 'both' = 'both'): void {
    if (which !== 'channel') {
      this.#reachable.data = false;
      this.#loseData();
    }
    if (which !== 'data') {
      this.#reachable.channel = false;
      this.#loseChannel();
    }
  }

  /** Lets what was cut be made anew. */
  restore(): void {
    this.#reachable = { data: true, channel: true };
    this.#dial();
  }

  /** From now on what is asked does not arrive, or is done and not answered, until `goOn`. */
  hold(what: 'requests' | 'replies'): void {
    this.#holds = what;
  }

  /** Lets what was held go on, in its order. */
  goOn(): void {
    this.#holds = 'nothing';
    for (const { goOn } of this.#held.splice(0)) goOn();
  }

  /** Forgets what was held: it is never answered. */
  loseHeld(): void {
    this.#holds = 'nothing';
    this.#held = [];
  }

  /** What is held, in order. */
  get held(): readonly Asked[] {
    return this.#held.map(({ asked }) => asked);
  }

  /** The next request, or the next of one kind, is answered by an error and does nothing. */
  failNext(text: string, asked: Asked | 'anything' = 'anything'): void {
    this.#failures.push({ asked, text });
  }

  /** From now on nothing that is published arrives. */
  deafen(): void {
    this.#drops = true;
  }

  hearAgain(): void {
    this.#drops = false;
  }

  /** From now on a message may arrive before the reply of the request that led to it; until then, after it. */
  hurryMessages(): void {
    this.#pace = 'before the reply';
  }

  /** Keeps what is published until `deliver`. */
  keepMessages(): void {
    this.#keepsBack = [];
  }

  deliver(): void {
    const kept = this.#keepsBack ?? [];
    this.#keepsBack = undefined;
    for (const { channel, text } of kept) this.#tell((listener) => listener.message(channel, text));
  }

  /** Anybody may publish anything. */
  say(text: string, channel: 'inv' | 'wake' | (string & {}) = 'inv'): void {
    const full = this.#channels.find((name) => name.includes(`:${channel}@`)) ?? channel;
    this.#tell((listener) => listener.message(full, text));
  }

  #dial(): void {
    if (this.#listener === undefined) return;
    if (this.#reachable.data && this.#data === 'down') {
      this.#tell((listener) => {
        if (!this.#reachable.data || this.#data === 'up') return;
        this.#data = 'up';
        this.#connections++;
        listener.connected();
      });
    }
    if (this.#reachable.channel && this.#channel === 'down') {
      this.#tell((listener) => {
        if (!this.#reachable.channel || this.#channel === 'up') return;
        this.#channel = 'up';
        this.#unsubscribe = this.#server.subscribe((channel, text) => this.#hear(channel, text));
        listener.subscribed();
      });
    }
  }

  #loseData(): void {
    if (this.#data === 'down') return;
    this.#data = 'down';
    this.#held = [];
    this.#holds = 'nothing';
    this.#tell((listener) => listener.disconnected());
  }

  #loseChannel(): void {
    if (this.#channel === 'down') return;
    this.#channel = 'down';
    this.#unsubscribe();
    this.#tell((listener) => listener.unsubscribed());
  }

  #hear(channel: string, text: string): void {
    if (!this.#channels.includes(channel) || this.#drops) return;
    if (this.#keepsBack !== undefined) this.#keepsBack.push({ channel, text });
    else if (this.#pace === 'before the reply') this.#tell((listener) => listener.message(channel, text));
    else setImmediate(() => this.#listener?.message(channel, text));
  }

  /** One at a time, and never from within a call. */
  #tell(tell: (listener: LinkListener) => void): void {
    this.#told = this.#told.then(() => {
      if (this.#listener !== undefined) tell(this.#listener);
    });
  }

  #ask<T>(asked: Asked, command: () => T): Promise<T> {
    const connection = this.connection;
    if (connection === undefined) return Promise.reject(new RedisLinkError('there is no connection to Redis'));
    return new Promise((resolve, reject) => {
      const answer = (settle: () => void): void => {
        if (this.#holds === 'replies') this.#held.push({ asked, goOn: settle });
        else settle();
      };
      const arrive = (): void => {
        if (this.connection !== connection) return;
        this.asked.push(asked);
        try {
          this.#failIfTold(asked);
          const reply = command();
          answer(() => resolve(reply));
        } catch (error) {
          answer(() => reject(RedisLinkError.of(error)));
        }
      };
      if (this.#holds === 'requests') this.#held.push({ asked, goOn: arrive });
      else queueMicrotask(arrive);
    });
  }

  #failIfTold(asked: Asked): void {
    const index = this.#failures.findIndex((failure) => failure.asked === asked || failure.asked === 'anything');
    const [failure] = index < 0 ? [] : this.#failures.splice(index, 1);
    if (failure !== undefined) throw new Error(failure.text);
  }
}
