import type { Stage } from './act.js';
import { inSeconds } from './figures.js';
import { bothRemember, type Source } from './memory.act.js';
import { type Outage, type OutageLength, redisIsGone } from './outage.act.js';
import { pricesSpread } from './prices.act.js';
import { type Agreement, bothAgree } from './return.act.js';
import { timed } from './time.js';
import type { World } from './world.js';

export interface Length extends OutageLength {
  /** How often the price is changed while all is well, and after all is well again. */
  readonly changes: number;
  readonly changesAfterwards: number;
}

export interface Outcome {
  /** Where the first answers came from: A's, B's, A's, B's. */
  readonly sources: readonly Source[];
  /** How soon B showed each new price. */
  readonly shownMs: readonly number[];
  readonly outage: Outage;
  readonly agreement: Agreement;
}

/** The whole story, act by act. */
export async function play(world: World, length: Length, say: Stage['say']): Promise<Outcome> {
  const { ms, result: stage } = await timed(() => set(world, say));
  say(`\nAll of it runs, after ${inSeconds(ms)}. Every figure below is of this run, on this machine.`);
  return {
    sources: await bothRemember(stage),
    shownMs: await pricesSpread(stage, length.changes),
    outage: await redisIsGone(stage, length),
    agreement: await bothAgree(stage, length.changesAfterwards),
  };
}

async function set(world: World, say: Stage['say']): Promise<Stage> {
  const redis = await world.redis();
  say(`Redis, process ${redis.pid}: ${redis.url}`);
  const database = await world.database();
  say(`PostgreSQL (PGlite): ${database}`);
  const a = await world.instance('A', database, redis.url);
  say(`Storefront A: ${a.url}`);
  const b = await world.instance('B', database, redis.url);
  say(`Storefront B: ${b.url}`);
  return { a, b, redis, say };
}
