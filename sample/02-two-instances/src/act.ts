import type { RedisServer } from '../../../test/support/redis/server.js';
import type { Instance } from './instance.js';

/** What each act of the story plays with, and how it speaks. */
export interface Stage {
  readonly a: Instance;
  readonly b: Instance;
  readonly redis: RedisServer;
  readonly say: (line: string) => void;
}

/** The product whose price is changed. */
export const PRODUCT = 1;
/** Those that both have in memory when Redis dies. */
export const READ = Array.from({ length: 100 }, (_, index) => index + 1);
/** Nobody reads from here on, until it is to be seen what the instances share. */
export const FIRST_UNREAD = 101;
