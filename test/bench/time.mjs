import { setImmediate as nextTurn } from 'node:timers/promises';
import { indexOf, keyOf, tagsOf, verify } from './data.mjs';
import { countingLoader } from './loader.mjs';
import { zipfSequence } from './sequence.mjs';
import { median } from './statistics.mjs';

const KEYS = 10_000;
const READS = 131_072;
const WARMUP_PASSES = 2;
/** Timed for so long, a contestant needs no further passes: the slow ones would take most of a run for nothing. */
const ENOUGH_MS = 1_000;
/** Reads between two invalidations, where there are any. */
const STRETCH = 1_000;

/** Nanoseconds per read that hits. */
export async function measureTime(make, { tagged = false, disturbed = false, passes }) {
  const keys = Array.from({ length: KEYS }, (_, index) => keyOf(index));
  const sequence = zipfSequence(KEYS, READS).map((index) => keys[index]);
  const loader = countingLoader();
  const foreignTags = disturbed ? Math.ceil(READS / STRETCH) * (WARMUP_PASSES + passes) : 0;
  const cache = await make({
    load: loader.load,
    tagsOf: tagged ? tagsOf : undefined,
    room: { entries: KEYS, tags: tagged ? 1 + KEYS + foreignTags : 0 },
  });

  const fill = cache.fill ?? cache.read;
  for (const key of keys) await fill(key);
  await verifyAll(cache, keys);

  const loads = loader.count();
  const pass = { read: cache.read, sequence, between: disturbed ? foreignInvalidation(cache) : undefined };
  const expected = sequence.reduce((sum, key) => sum + indexOf(key), 0);
  const times = [];
  let timed = 0;
  for (let number = 0; number < WARMUP_PASSES + passes && timed < ENOUGH_MS; number++) {
    const { ms, sum } = await timePass(pass);
    if (sum !== expected) throw new Error(`The values read sum up to ${sum}, not ${expected}.`);
    if (number >= WARMUP_PASSES) {
      times.push((ms * 1e6) / READS);
      timed += ms;
    }
    // Lets the timers of those run that keep the time between two of them.
    await nextTurn();
  }
  loader.refuseLoadsSince(loads);
  await verifyAll(cache, keys);
  loader.refuseLoadsSince(loads);
  if (tagged) await verifyTags(cache, loader);
  return { ns: median(times) };
}

async function timePass({ read, sequence, between }) {
  const begin = performance.now();
  let sum = 0;
  for (let from = 0; from < sequence.length; from += STRETCH) {
    sum += await readStretch(read, sequence, from);
    if (between !== undefined) await between();
  }
  return { ms: performance.now() - begin, sum };
}

async function readStretch(read, sequence, from) {
  const to = Math.min(from + STRETCH, sequence.length);
  let sum = 0;
  for (let index = from; index < to; index++) {
    const value = await read(sequence[index]);
    sum += value.id;
  }
  return sum;
}

/** Ends a tag that no entry carries, another one each time. */
function foreignInvalidation(cache) {
  let number = 0;
  return () => cache.invalidateTag(`order:${number++}`);
}

/** What costs nothing might do nothing: ending an entry's own tag must end that entry, and no other. */
async function verifyTags({ read, invalidateTag }, { count }) {
  const [key, other] = [keyOf(0), keyOf(1)];
  const loads = count();
  await invalidateTag(tagsOf(key).at(-1));
  verify(other, await read(other));
  verify(key, await read(key));
  if (count() !== loads + 1) throw new Error(`${count() - loads} loads instead of one after a tag was invalidated.`);
}

async function verifyAll({ read }, keys) {
  for (const key of keys) verify(key, await read(key));
}
