import type { RedisOptions } from '../../lib/index.js';
import type { Proxy } from '../support/redis/proxy.js';
import type { FaultKind } from './fault.js';

/** The servers of a campaign: where each process finds them, and what can befall them. */
export interface Topology {
  /** What the process at this seat is told. */
  redisOf(seat: number): RedisOptions;
  /** The way of each seat to the servers, where it has one of its own. */
  readonly ways: readonly Proxy[];
  /** What can befall the servers themselves. */
  readonly faults: readonly FaultKind[];
  stop(): Promise<void>;
}
