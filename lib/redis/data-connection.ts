import type { Clock } from '../core/clock.js';
import type { Connection, ConnectionListener } from './connection.js';
import type { DriverClient } from './driver.js';
import { RedisLinkError } from './link-error.js';
import { type ScriptCall, type ScriptPort, ScriptRunner } from './scripts.js';

export interface DataConnectionParts {
  readonly client: DriverClient;
  readonly clock: Clock;
  /** How long an end waits for what is not answered yet, in milliseconds. */
  readonly farewell: number;
  /** Keeps the client connected, and tells what becomes of it. */
  readonly keep: (listener: ConnectionListener) => Connection;
  readonly listener: ConnectionListener;
}

/** A connection that is asked: what is sent on it is answered by it, or not at all. */
export class DataConnection implements ScriptPort {
  readonly #parts: DataConnectionParts;
  readonly #connection: Connection;
  #runner: ScriptRunner | undefined;
  #made = 0;
  #unanswered = 0;
  /** When it was last seen to answer, or was asked after that; undefined while all is answered. */
  #waitsSince: number | undefined;
  #onAnswered: () => void = () => undefined;

  constructor(parts: DataConnectionParts) {
    this.#parts = parts;
    const { client, keep, listener } = parts;
    this.#connection = keep({
      up: () => {
        this.#made++;
        this.#runner = new ScriptRunner(client);
        listener.up();
      },
      down: () => listener.down(),
      failed: (error) => listener.failed(error),
    });
  }

  /** Counts up; undefined while there is none. */
  get number(): number | undefined {
    return this.#connection.isUp ? this.#made : undefined;
  }

  /** For how long nothing has come of what was asked, in milliseconds. */
  get silence(): number {
    return this.#waitsSince === undefined ? 0 : this.#parts.clock.now() - this.#waitsSince;
  }

  start(): void {
    this.#connection.start();
  }

  renew(): void {
    this.#connection.renew();
  }

  run(call: ScriptCall): Promise<unknown> {
    return this.#ask((runner) => runner.run(call));
  }

  mget(keys: readonly string[]): Promise<readonly (Buffer | null)[]> {
    return this.#ask((runner) => runner.mget(keys));
  }

  /** After what was sent is answered, or soon. */
  async close(): Promise<void> {
    await this.#answered();
    await this.#connection.close();
  }

  #ask<T>(send: (runner: ScriptRunner) => Promise<T>): Promise<T> {
    if (this.#runner === undefined || !this.#connection.isUp) {
      return Promise.reject(new RedisLinkError('there is no connection to Redis', 'NOCONNECTION'));
    }
    this.#unanswered++;
    this.#waitsSince ??= this.#parts.clock.now();
    return send(this.#runner).then(this.#replied, this.#failed) as Promise<T>;
  }

  readonly #replied = (reply: unknown): unknown => {
    this.#hear();
    return reply;
  };

  readonly #failed = (error: unknown): never => {
    this.#hear();
    throw RedisLinkError.of(error);
  };

  #hear(): void {
    this.#unanswered--;
    this.#waitsSince = this.#unanswered === 0 ? undefined : this.#parts.clock.now();
    if (this.#unanswered === 0) this.#onAnswered();
  }

  #answered(): Promise<void> {
    return new Promise((resolve) => {
      const stopWaiting = this.#parts.clock.after(this.#parts.farewell, resolve);
      this.#onAnswered = () => {
        stopWaiting();
        resolve();
      };
      if (this.#unanswered === 0) this.#onAnswered();
    });
  }
}
