import type { DynamicModule } from '@nestjs/common';
import { LayerCacheModule, type LayerCacheModuleExtras, type LayerCacheOptions } from '../../../lib/index.js';
import type { RedisServer } from '../../support/redis/server.js';

/** A cache as a service registers it, whose options are known only when it starts. */
export function cacheOn(
  server: RedisServer,
  options: LayerCacheOptions = {},
  extras: LayerCacheModuleExtras = {},
): DynamicModule {
  return LayerCacheModule.forRootAsync({
    ...extras,
    useFactory: () => Promise.resolve({ jitter: 0, prefix: 'shop', redis: { url: server.url }, ...options }),
  });
}

/** The names of the caches' connections, as the server knows them. */
export async function connectionsTo(server: RedisServer): Promise<readonly string[]> {
  const list = String(await server.command('CLIENT', 'LIST'));
  return [...list.matchAll(/ name=(layercache:\S+)/g)].map(([, name]) => String(name)).sort();
}

/** Asks the server between two looks, so that no look keeps what is looked for from happening. */
export async function until(server: RedisServer, holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await server.command('PING');
}
