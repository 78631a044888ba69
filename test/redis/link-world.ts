import { EventEmitter, once } from 'node:events';
import { Redis } from 'ioredis';
import { Redis as Redis5 } from 'ioredis-5';
import { systemClock } from '../../lib/core/clock.js';
import type { RedisOptions } from '../../lib/policy/redis-options.js';
import { type RedisSettings, resolveRedis } from '../../lib/policy/resolve-redis.js';
import { IoredisLink, type IoredisLinkParts } from '../../lib/redis/ioredis-link.js';
import type { LinkListener } from '../../lib/redis/link.js';
import { seededRandom } from '../support/seeded-random.js';

/** Both versions of the driver. */
export const DRIVERS = [
  { driver: 'ioredis 6', load: () => import('ioredis'), Redis },
  { driver: 'ioredis 5', load: () => import('ioredis-5'), Redis: Redis5 as unknown as typeof Redis },
] as const;

export const CHANNELS = ['lc1:{a:b:0}:inv@0', 'lc1:{a:b:0}:wake@0'] as const;

/** What a link told, in its order. */
export class Heard implements LinkListener {
  readonly told: string[] = [];
  readonly errors: Error[] = [];
  readonly warnings: string[] = [];
  readonly #events = new EventEmitter();

  connected = (): void => this.#tell('connected');
  disconnected = (): void => this.#tell('disconnected');
  subscribed = (): void => this.#tell('subscribed');
  unsubscribed = (): void => this.#tell('unsubscribed');
  message = (channel: string, text: string): void => this.#tell(`${channel} ${text}`);
  failed = (error: Error): void => {
    this.errors.push(error);
    this.#tell(`failed ${error.message}`);
  };

  /** Resolves when each of these was told as often as it is named here. */
  async until(...expected: readonly string[]): Promise<void> {
    const count = (list: readonly string[], text: string): number => list.filter((each) => each === text).length;
    while (expected.some((text) => count(this.told, text) < count(expected, text))) await once(this.#events, 'told');
  }

  async untilFailed(said: RegExp): Promise<Error> {
    for (;;) {
      const found = this.errors.find(({ message }) => said.test(message));
      if (found !== undefined) return found;
      await once(this.#events, 'told');
    }
  }

  count(text: string): number {
    return this.told.filter((each) => each === text).length;
  }

  #tell(text: string): void {
    this.told.push(text);
    this.#events.emit('told');
  }
}

export interface World {
  readonly link: IoredisLink;
  readonly heard: Heard;
}

const worlds: World[] = [];

/** A link that is not open yet; `closeAll` closes it. */
export function linkTo(redis: RedisOptions, parts: Partial<IoredisLinkParts> = {}): World {
  const heard = new Heard();
  const link = new IoredisLink({
    settings: resolveRedis(redis) as RedisSettings,
    name: 'test',
    clock: systemClock,
    random: seededRandom(1),
    warn: (message) => heard.warnings.push(message),
    ...parts,
  });
  worlds.push({ link, heard });
  return { link, heard };
}

/** A link that hears and answers. */
export async function openTo(redis: RedisOptions, parts: Partial<IoredisLinkParts> = {}): Promise<World> {
  const world = linkTo(redis, parts);
  await world.link.open(CHANNELS, world.heard);
  await world.heard.until('connected', 'subscribed');
  return world;
}

export async function closeAll(): Promise<void> {
  await Promise.all(worlds.splice(0).map(({ link }) => link.close()));
}
