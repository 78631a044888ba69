import { setImmediate as nextTurn } from 'node:timers/promises';
import { keyOf, tagsOf, verify } from './data.mjs';
import { countingLoader } from './loader.mjs';

const ENTRIES = 100_000;

/** Bytes per entry, key and value included: after all are stored, and after all were hit twice. */
export async function measureHeap(make, { tagged }) {
  const { load, count, refuseLoadsSince } = countingLoader();
  const cache = await make({
    load,
    tagsOf: tagged ? tagsOf : undefined,
    room: { entries: ENTRIES, tags: tagged ? 1 + ENTRIES : 0 },
  });
  const fill = cache.fill ?? cache.read;

  const empty = await bytesInUse();
  for (let index = 0; index < ENTRIES; index++) await fill(keyOf(index));
  const stored = await bytesInUse();
  const loads = count();
  for (let time = 0; time < 2; time++) await readAll(cache);
  refuseLoadsSince(loads);
  const hit = await bytesInUse();

  verify(keyOf(0), await cache.read(keyOf(0)));
  verify(keyOf(ENTRIES - 1), await cache.read(keyOf(ENTRIES - 1)));
  return { stored: (stored - empty) / ENTRIES, hit: (hit - empty) / ENTRIES };
}

async function readAll({ read }) {
  for (let index = 0; index < ENTRIES; index++) await read(keyOf(index));
}

/** The lists of an lru-cache are typed arrays, which V8 counts apart from its heap. */
async function bytesInUse() {
  for (let time = 0; time < 5; time++) {
    globalThis.gc();
    await nextTurn();
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
