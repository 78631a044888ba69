import { PRODUCT, READ, type Stage } from './act.js';
import { inMoney, inMs, inNumber, inSeconds } from './figures.js';
import { sightOf } from './price-changes.js';
import { shareAgain } from './sharing.js';
import { type Reads, SteadyReads } from './steady-reads.js';
import { pause, timed } from './time.js';

export interface OutageLength {
  /** How long customers read with Redis, and then without it. */
  readonly seconds: number;
  /** How long to wait, once Redis is back, for the other instance to show what was changed meanwhile. */
  readonly patienceMs: number;
}

export interface Outage {
  /** Reads that failed, from before Redis died until it was back. */
  readonly failed: number;
  /** What the instance that made the change showed right after it, and what it should have. */
  readonly own: { readonly shown: number; readonly made: number };
  /** How long after its return both answered with the price that was changed meanwhile; undefined: longer than was waited. */
  readonly agreedMs: number | undefined;
}

const CUSTOMERS = 2;
/** By then every instance is connected again, and has heard what there was to hear. */
const HEARD_MS = 3_000;

/** Customers read through both instances while Redis dies, is gone for some seconds, and comes back empty. */
export async function redisIsGone(stage: Stage, length: OutageLength): Promise<Outage> {
  const { a, b, redis, say } = stage;
  say(
    `\n3. ${CUSTOMERS} customers of each instance read ${READ.length} products, one after the other, without a pause.`,
  );
  const customers = new SteadyReads([a, b], READ, CUSTOMERS);
  try {
    await Promise.all(READ.flatMap((id) => [a.product(id), b.product(id)]));
    const warm = await customers.take();
    await pause(length.seconds * 1_000);
    const before = await customers.take();
    say(`   With Redis: ${inWords(before)}.`);
    await redis.kill();
    say(`   Redis (process ${redis.pid}) is killed.`);
    const own = await changeWithoutRedis(stage, length.seconds);
    const during = await customers.take();
    say(`   Without Redis: ${inWords(during)}.`);

    say('\n4. Redis is started again, empty.');
    await redis.restart();
    const back = performance.now();
    const { ms } = await timed(() => shareAgain(a, b));
    const after = await customers.take();
    await customers.stop();
    say(`   ${inMs(ms)} later B finds in Redis what A has loaded. Meanwhile ${after.failed} reads failed.`);
    const failed = [warm, before, during, after].reduce((sum, reads) => sum + reads.failed, 0);
    return { failed, own, agreedMs: await agreement(stage, { made: own.made, back, patienceMs: length.patienceMs }) };
  } finally {
    await customers.stop();
  }
}

async function changeWithoutRedis({ a, b, say }: Stage, seconds: number): Promise<Outage['own']> {
  const began = performance.now();
  await pause(seconds * 250);
  const { priceCents: old } = await b.product(PRODUCT);
  const { ms, result } = await timed(() => a.changePrice(PRODUCT, old + 1));
  const made = result.priceCents;
  const { priceCents: shown } = await a.product(PRODUCT);
  say(
    `   The price changes through A, from ${inMoney(old)} to ${inMoney(made)}. That succeeds, after ${inMs(ms)}: so long A hopes`,
  );
  say(`   that Redis comes back (commandTimeout). A itself shows ${inMoney(shown)} at once; B cannot be told:`);
  const leftMs = Math.max(0, seconds * 1_000 - (performance.now() - began));
  const seen = await sightOf(made, b, PRODUCT, leftMs);
  if (seen === undefined) {
    say(`   it still shows ${inMoney(old)}, ${inSeconds(leftMs)} later, and may do so for a minute (detachedTtl).`);
  } else {
    say(
      `   it went on showing ${inMoney(old)} for ${inSeconds(seen.ms)}. It might have done so for a minute (detachedTtl).`,
    );
    await pause(Math.max(0, leftMs - seen.ms));
  }
  return { shown, made };
}

/** How long after Redis was back B shows what was changed while it was gone. */
async function agreement({ b, say }: Stage, { made, back, patienceMs }: Awaited): Promise<number | undefined> {
  const price = inMoney(made);
  if ((await sightOf(made, b, PRODUCT, Math.min(HEARD_MS, patienceMs))) !== undefined) {
    const ms = performance.now() - back;
    say(`   After ${inMs(ms)} both show ${price}.`);
    return ms;
  }
  say(
    `   B does not show ${price} yet: A told Redis at once what it owed, but before B was there to hear of it. And what B`,
  );
  say(
    '   remembers is not thrown away, but renewed bit by bit within a minute (detachedTtl), so that a Redis which comes',
  );
  say('   back empty does not send everybody to the database at once.');
  if ((await sightOf(made, b, PRODUCT, patienceMs)) === undefined) return undefined;
  const ms = performance.now() - back;
  say(`   After ${inSeconds(ms)} both show ${price}.`);
  return ms;
}

interface Awaited {
  readonly made: number;
  readonly back: number;
  readonly patienceMs: number;
}

function inWords({ perSecond, failed, slowestMs, statements }: Reads): string {
  return `${inNumber(perSecond)} answers a second, ${failed} failed, the slowest took ${inMs(slowestMs)}; ${statements} SQL statements`;
}
