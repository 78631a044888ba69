import type { ScriptClient } from './scripts.js';

/** Is told what becomes of a connection: up and down by turns, never from within a call to it. */
export interface ConnectionListener {
  up(): void;
  down(): void;
  failed(error: unknown): void;
}

/** One connection to Redis, made anew when it breaks. */
export interface Connection {
  readonly client: ScriptClient;
  /** Whether it can be used: false some time before `down` is told. */
  readonly isUp: boolean;
  start(): void;
  /** Breaks it, so that it is made anew. */
  renew(): void;
  /** Ends what was opened here; nothing is told after it. */
  close(): Promise<void>;
}
