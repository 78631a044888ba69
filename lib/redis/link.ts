import type { ScriptCall } from './scripts.js';

/** Is told what becomes of a link's two connections. Calls come one at a time and never from within a call to the link. */
export interface LinkListener {
  /** There is a new data connection, on which nothing was sent yet. */
  connected(): void;
  /** The data connection is gone; whatever waits on it will not be answered. */
  disconnected(): void;
  /** The other connection hears all channels from now on. */
  subscribed(): void;
  /** It hears nothing any more. */
  unsubscribed(): void;
  message(channel: string, text: string): void;
  /** Something failed that nobody waits for: a connection that could not be made. */
  failed(error: Error): void;
}

/**
 * The way to one bucket: two connections to the Redis that has it, made anew when they break, one for data and one for what is
 * published. Nothing is queued
 * while there is none, and nothing is sent twice: who asks is refused at once, or left without an answer.
 */
export interface RedisLink {
  /** Counts data connections up; undefined while there is none. A reply counts only if this did not change meanwhile. */
  readonly connection: number | undefined;
  /** Who hears what is published here, as names of channels say it: those in one database, by its number, or at one shard. */
  readonly audience: string;
  /** Connects, and goes on trying. Rejects only for what trying again cannot cure: the driver is not installed. */
  open(channels: readonly string[], listener: LinkListener): Promise<void>;
  /** The reply as Redis gives it: bulk strings as Buffers. Rejects at once where there is no connection. */
  run(call: ScriptCall): Promise<unknown>;
  mget(keys: readonly string[]): Promise<readonly (Buffer | null)[]>;
  /** Breaks the connection that hears, and makes a new one: it is suspected to be deaf. */
  resubscribe(): void;
  /** Breaks the data connection, and makes a new one: nothing has come on it for too long. */
  reconnect(): void;
  /** Runs the task once what has already arrived was handled: a pause of the process is no silence of Redis. */
  afterArrivals(task: () => void): void;
  /** Ends what was opened here, after what was sent is answered or soon. Nothing is told after it. */
  close(): Promise<void>;
}
