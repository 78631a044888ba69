import type { Clock } from '../../lib/core/clock.js';
import type { RedisLink } from '../../lib/redis/link.js';
import type { ServerRoom } from './servers.js';

/** What a switch knows of the world around a process. */
export interface Surroundings {
  readonly room: ServerRoom;
  readonly buckets: number;
}

/** Undoes one rule of the engine from outside: by lying to it. */
export interface Switch {
  readonly rule: string;
  readonly clock?: (clock: Clock) => Clock;
  readonly link?: (link: RedisLink, surroundings: Surroundings) => RedisLink;
}
