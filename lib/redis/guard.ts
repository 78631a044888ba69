import type { Cancel, Clock } from '../core/clock.js';
import { TurnoverMap } from '../core/turnover-map.js';
import type { RedisLink } from './link.js';
import type { ScriptCall, ScriptPort } from './scripts.js';

/** Redis was not asked, or did not answer in time. */
export class RedisUnavailableError extends Error {
  override readonly name = 'RedisUnavailableError';
}

interface Pending {
  readonly due: number;
  giveUp(): void;
}

export interface GuardParts {
  readonly link: RedisLink;
  readonly clock: Clock;
  /** How long an answer is waited for, in milliseconds. */
  readonly limit: number;
}

/** So many silences in a row, and nothing but probes is sent until one is answered. */
const MOST_SILENCES = 3;

/**
 * Stands before a link. An answer is waited for so long and no longer; one that comes from another connection than it was asked
 * on does not count; and nothing but probes is sent to a server that has not passed the fence, or that is silent.
 */
export class Guard implements ScriptPort {
  /** For the fence and the heartbeat: asks whatever there is. */
  readonly probe: ScriptPort;
  readonly #link: RedisLink;
  readonly #clock: Clock;
  readonly #limit: number;
  /** By number. All have the same limit, so the first of them is due first. What is answered leaves at once, and can be forgotten. */
  readonly #pending = new TurnoverMap<number, Pending>();
  #asked = 0;
  #stopTimer: Cancel | undefined;
  #passed: number | undefined;
  #silences = 0;

  constructor({ link, clock, limit }: GuardParts) {
    this.#link = link;
    this.#clock = clock;
    this.#limit = limit;
    this.probe = {
      run: (call) => this.#ask(link.connection, () => link.run(call)),
      mget: (keys) => this.#ask(link.connection, () => link.mget(keys)),
    };
  }

  /** Whether anything but probes is sent. */
  get isOpen(): boolean {
    return this.#passed !== undefined && this.#passed === this.#link.connection && this.#silences < MOST_SILENCES;
  }

  /** The server behind this connection is the one to ask, and it answers. */
  pass(connection: number): void {
    this.#passed = connection;
    this.#silences = 0;
  }

  run(call: ScriptCall): Promise<unknown> {
    return this.isOpen ? this.#ask(this.#passed, () => this.#link.run(call)) : Promise.reject(refusal());
  }

  mget(keys: readonly string[]): Promise<readonly (Buffer | null)[]> {
    return this.isOpen ? this.#ask(this.#passed, () => this.#link.mget(keys)) : Promise.reject(refusal());
  }

  close(): void {
    this.#stopTimer?.();
    for (const one of this.#pending.values()) one.giveUp();
    this.#pending.clear();
  }

  #ask<T>(connection: number | undefined, send: () => Promise<T>): Promise<T> {
    if (connection === undefined) return Promise.reject(refusal());
    return new Promise((resolve, reject) => {
      const number = ++this.#asked;
      this.#pending.set(number, {
        due: this.#clock.now() + this.#limit,
        giveUp: () => reject(new RedisUnavailableError(`Redis did not answer within ${this.#limit} ms`)),
      });
      if (this.#stopTimer === undefined) this.#watch(this.#limit);
      send().then(
        (reply) => {
          this.#pending.delete(number);
          this.#silences = 0;
          if (this.#link.connection === connection) resolve(reply);
          else reject(new RedisUnavailableError('the connection to Redis broke before the answer counted'));
        },
        (error: unknown) => {
          this.#pending.delete(number);
          reject(error as Error);
        },
      );
    });
  }

  #watch(ms: number): void {
    this.#stopTimer = this.#clock.after(ms, () => this.#link.afterArrivals(() => this.#sweep()));
  }

  /** Many that are due at once are one silence: of the network, of Redis, or of a pause of this process. */
  #sweep(): void {
    const now = this.#clock.now();
    let isSilent = false;
    for (const [number, one] of this.#pending.entries()) {
      if (one.due > now) break;
      isSilent = true;
      this.#pending.delete(number);
      one.giveUp();
    }
    if (isSilent) this.#silences++;
    this.#stopTimer = undefined;
    const [next] = this.#pending.values();
    if (next !== undefined) this.#watch(next.due - now);
  }
}

function refusal(): RedisUnavailableError {
  return new RedisUnavailableError('Redis cannot be reached now');
}
