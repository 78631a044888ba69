import type { MakeCache } from './cache-under-test.js';
import type { Counters } from './counters.js';
import type { History } from './history.js';
import type { Judge } from './judge.js';
import type { Rule } from './modelled-records.js';
import type { Settings } from './plan.js';
import type { FarRoom } from './simulated-far.js';
import type { Scheduler } from './scheduler.js';
import type { ServerRoom } from './servers.js';
import type { SimulatedSource } from './simulated-source.js';
import type { Switch } from './switches.js';
import type { Weather } from './wire.js';

/** How a plan is run. */
export interface Kit {
  readonly make: MakeCache;
  /** Rules of the scripts that do not hold. */
  readonly without?: readonly Rule[];
  /** A rule of the engine that is undone from outside. */
  readonly off?: Switch | undefined;
  /** Of a stand-in, only what it answers is judged: not how often it loads, nor whether it keeps anything. */
  readonly judges?: 'everything' | 'answers';
  readonly isTraced?: boolean;
}

export type Trace = (text: () => string) => void;

/** What all processes of one run share. */
export interface World {
  readonly scheduler: Scheduler;
  readonly settings: Settings;
  readonly counters: Counters;
  readonly history: History;
  readonly judge: Judge;
  readonly seed: number;
  readonly kit: Kit;
  readonly weather: Weather;
  /** One, or one for each bucket. */
  readonly rooms: readonly ServerRoom[];
  readonly roomOf: (bucket: number) => ServerRoom;
  /** What lies behind Redis. */
  readonly far: FarRoom;
  readonly source: SimulatedSource;
  readonly complain: (what: string) => void;
  /** Undefined where nobody reads it. */
  readonly trace: Trace | undefined;
}
