import type { LayerCacheOptions } from '../../../lib/index.js';
import { Channel } from './channel.js';
import { Crowd } from './crowd.js';
import { footprint } from './footprint.js';
import { now, type Order } from './records.js';
import { SteadyReads } from './steady-reads.js';
import { moveWallClock } from './wall-clock.js';
import { pause, WatchedCache } from './watched-cache.js';
import { Workload } from './workload.js';

/** What a process is told at its birth. */
export interface Birth {
  readonly name: string;
  readonly options: LayerCacheOptions;
}

const { name, options } = JSON.parse(process.argv[2] ?? '') as Birth;
const channel = new Channel(name);
const watched = new WatchedCache(options, channel);
const { cache } = watched;
let workload: Workload | undefined;
let reads: SteadyReads | undefined;

process.on('unhandledRejection', (reason) => channel.event('unhandled', String(reason)));
process.on('uncaughtException', (error) => channel.event('unhandled', String(error)));
process.on('warning', (warning) => channel.event('warning', String(warning)));
// Whoever has lost his parent has nobody to work for.
const orphaned = (): void => process.exit();
process.on('disconnect', orphaned);

const TICK = 10;
/** So late a tick says that this process, or the machine, had stopped. */
const STALL = 100;
let tickedAt = now();
setInterval(() => {
  const at = now();
  const ms = at - tickedAt - TICK;
  if (ms > STALL) channel.note({ kind: 'stall', by: name, at, ms, text: 'this process stood still' });
  tickedAt = at;
}, TICK).unref();

channel.listen(async (order: Order) => {
  switch (order.act) {
    case 'ready':
      return cache.ready();
    case 'work':
      workload = new Workload(watched, order.plan);
      return;
    case 'rest':
      if ((await workload?.rest(order.limitMs)) === false) channel.event('unended', watched.open.join(', '));
      return;
    case 'readAll':
      await Promise.all(order.keys.map((key) => watched.read(key)));
      return;
    case 'pass':
      return pause(order.ms);
    case 'get':
      return (await cache.lookup(order.key)) as unknown;
    case 'set':
      return cache.set(order.key, order.value);
    case 'freeze':
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, order.ms);
      await Promise.all(order.keys.map((key) => watched.read(key)));
      return;
    case 'flood':
      for (const key of order.keys) void watched.delete(key);
      return;
    case 'wall':
      return moveWallClock(order.ms);
    case 'footprint':
      return footprint();
    case 'burst':
      return new Crowd(cache, name, ({ key, began }) => {
        channel.note({ kind: 'load', by: name, key, row: 0, id: `${name} ${began}`, began });
        channel.flush();
      }).run(order.burst);
    case 'stream':
      reads = new SteadyReads(cache, order.stream);
      return;
    case 'seconds':
      reads?.stop();
      return reads?.seconds;
    default:
      await cache.close();
      // It must come to its end by itself: nothing of the cache may keep it.
      process.off('disconnect', orphaned);
      setImmediate(() => process.disconnect());
  }
});
