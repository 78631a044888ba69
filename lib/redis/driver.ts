import { LayerCacheConfigError, messageOf } from '../core/errors.js';
import type { ConnectionOptions } from '../policy/redis-address.js';
import { isScriptClient, type ScriptClient } from './scripts.js';

/** What is called of a `Redis` of ioredis beside the commands. Statuses: `wait`, `connecting`, `connect`, `ready`, `close`, `reconnecting`, `end`. */
export interface DriverClient extends ScriptClient {
  readonly status: string;
  readonly options: ConnectionOptions;
  /** There from the first attempt to connect. */
  readonly stream?: { destroy(): unknown } | undefined;
  readonly condition?: { readonly select?: number } | null;
  connect(): Promise<unknown>;
  disconnect(reconnect?: boolean): void;
  duplicate(override: ConnectionOptions): object;
  subscribe(...channels: string[]): Promise<unknown>;
  ssubscribe(...channels: string[]): Promise<unknown>;
  cluster(subcommand: 'SLOTS' | 'INFO'): Promise<unknown>;
  on(event: string, listener: (...args: never[]) => void): unknown;
  off(event: string, listener: (...args: never[]) => void): unknown;
}

/** Makes clients: the package ioredis, or what a test puts in its place. */
export interface Driver {
  readonly Redis: new (options: ConnectionOptions) => object;
}

/** Only who has Redis needs the driver, so that it is looked for here and not where modules load. */
export async function loadDriver(load: () => Promise<unknown> = () => import('ioredis')): Promise<Driver> {
  try {
    return (await load()) as Driver;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const missing = code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
    const problem = missing
      ? 'needs the package ioredis: npm install ioredis'
      : `ioredis cannot be loaded: ${messageOf(error)}`;
    throw new LayerCacheConfigError({ option: 'redis', problem: `redis: ${problem}` });
  }
}

/** A client, where making it may throw: Sentinels without a name, for instance. */
export function made(make: () => object): DriverClient {
  let client: object;
  try {
    client = make();
  } catch (error) {
    const problem = `redis.options: ioredis does not take them: ${messageOf(error)}`;
    throw new LayerCacheConfigError({ option: 'redis.options', problem });
  }
  if (isScriptClient(client)) return client as DriverClient;
  throw new LayerCacheConfigError({ option: 'redis', problem: 'redis: needs ioredis 5.4 or later, or 6' });
}
