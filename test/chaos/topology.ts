import type { RedisOptions } from '../../lib/index.js';
import type { History } from '../redis/processes/history.js';
import type { FaultKind } from './fault.js';
import type { Way } from './way.js';
import type { Lateness } from './way-messages.js';

/** The servers of a campaign: where each process finds them, and what can befall them. */
export interface Topology {
  /** What the process at this seat is told. */
  redisOf(seat: number): RedisOptions;
  /** The way of each seat to the servers, where it has one of its own. */
  readonly ways: readonly Way[];
  /** How late the process was in which the ways lie. */
  lateness(): Promise<Lateness>;
  /** What can befall the servers themselves. */
  readonly faults: readonly FaultKind[];
  /** Writes down what befalls the servers by itself, until it is stopped. */
  watch?(history: History): void;
  stop(): Promise<void>;
}
