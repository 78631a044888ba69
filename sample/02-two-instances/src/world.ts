import { fileURLToPath } from 'node:url';
import type { RedisServer } from '../../../test/support/redis/server.js';
import { Child } from './child.js';
import { Instance } from './instance.js';

export interface WorldOptions {
  /** The storefront's program. */
  readonly storefront: string;
  /** The folder of the programs that only this sample has. */
  readonly processes: URL;
  readonly products: number;
}

/** Two storefronts, their PostgreSQL and their Redis: each a process of its own, and all of them ended together. */
export class World {
  readonly #options: WorldOptions;
  readonly #children: Child[] = [];
  #redis: Promise<RedisServer> | undefined;
  #stopped: Promise<void> | undefined;

  constructor(options: WorldOptions) {
    this.#options = options;
  }

  /** The processes that were started. */
  async pids(): Promise<number[]> {
    const redis = await this.#redis;
    return [redis?.pid, ...this.#children.map(({ pid }) => pid)].filter((pid) => pid !== undefined);
  }

  async database(): Promise<string> {
    const path = fileURLToPath(new URL('database.mjs', this.#options.processes));
    return this.#child('database', path, {}).says(/listens on (\S+)\s/);
  }

  redis(): Promise<RedisServer> {
    this.#redis ??= startRedis();
    return this.#redis;
  }

  async instance(name: string, databaseUrl: string, redisUrl: string): Promise<Instance> {
    const child = this.#child(`storefront ${name}`, this.#options.storefront, {
      PORT: '0',
      HOST: '127.0.0.1',
      NODE_ENV: 'production',
      NO_COLOR: '1',
      CACHE: 'on',
      PRODUCTS: String(this.#options.products),
      DATABASE_URL: databaseUrl,
      REDIS_URL: redisUrl,
    });
    return new Instance(name, await child.says(/Storefront listens on (\S+)\s/), child);
  }

  /** Ends all that was started, what still starts included. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    // The storefronts first, so that they can say goodbye to what they use.
    for (const child of this.#children.toReversed()) await child.stop();
    const redis = await this.#redis?.catch(() => undefined);
    await redis?.stop();
  }

  #child(name: string, path: string, env: NodeJS.ProcessEnv): Child {
    if (this.#stopped !== undefined) throw new Error('Everything is being stopped.');
    const leash = new URL('leash.mjs', this.#options.processes);
    const child = new Child({ name, path, env, leash });
    this.#children.push(child);
    return child;
  }
}

/** Of the tests' kind: one that is installed, or one fetched beside the packages. Looking for it begins with the import. */
async function startRedis(): Promise<RedisServer> {
  const harness = await import('../../../test/support/redis/server.js').catch((error: unknown) => {
    throw new Error('This needs a Redis: install redis-server or valkey-server, or name one in REDIS_SERVER.', {
      cause: error,
    });
  });
  return harness.RedisServer.start();
}
