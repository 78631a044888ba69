import { setTimeout as wait } from 'node:timers/promises';
import { indexOf, keyOf, sharedTagsOf, tagsOf, verify } from '../data.mjs';
import { countingLoader } from '../loader.mjs';

/** A process that reads what lies in Redis when it is told to. */
const { subject, tags, port } = JSON.parse(process.argv[2]);

const KEYS = 1_000;
const READERS = 64;
const READS = 8_192;
const MOST_FILLS = 20;

const TAGS = { shared: sharedTagsOf, own: tagsOf };

// Whoever has lost his parent has nobody to read for.
process.on('disconnect', () => process.exit());

// In turn, so that no two readers ask for the same key at once: to share an answer would be no read.
const keys = Array.from({ length: KEYS }, (_, index) => keyOf(index));
const loader = countingLoader();
const { make } = await import(new URL(`../${subject}`, import.meta.url));
const cache = await make({ load: loader.load, tagsOf: TAGS[tags], port });
await fill();
let loads = loader.count();
let next = 0;

const ORDERS = { slice: readSlice, verify: verifyEnd };
process.on('message', (order) => void ORDERS[order]().then((reply) => process.send(reply)));
process.send('ready');

async function readSlice() {
  const end = next + READS;
  const expected = sumOfIds(next, end);
  let sum = 0;
  const reader = async () => {
    while (next < end) {
      const { id } = await cache.read(keys[next++ % KEYS]);
      sum += id;
    }
  };
  const usage = process.cpuUsage();
  const begin = performance.now();
  await Promise.all(Array.from({ length: READERS }, reader));
  const clock = (performance.now() - begin) * 1_000;
  const { user, system } = process.cpuUsage(usage);
  if (sum !== expected) throw new Error(`The values read sum up to ${sum}, not ${expected}.`);
  loader.refuseLoadsSince(loads);
  return { reads: READS, cpu: user + system, clock };
}

/** What is stored behind the answers is there when all are read without a load. */
async function fill() {
  for (const key of keys) await (cache.fill ?? cache.read)(key);
  for (let time = 0; time < MOST_FILLS; time++) {
    const before = loader.count();
    await verifyAll();
    if (loader.count() === before) return;
    await wait(50);
  }
  throw new Error('What is loaded does not stay.');
}

async function verifyEnd() {
  await verifyAll();
  loader.refuseLoadsSince(loads);
  if (tags !== undefined) await verifyTags();
  return 'verified';
}

/** What costs nothing might do nothing: ending a tag must end what carries it. */
async function verifyTags() {
  const [key] = keys;
  await cache.invalidateTag(TAGS[tags](key).at(-1));
  verify(key, await cache.read(key));
  if (loader.count() === loads) throw new Error('Nothing was loaded after a tag was invalidated.');
  loads = loader.count();
}

async function verifyAll() {
  for (const key of keys) verify(key, await cache.read(key));
}

function sumOfIds(from, to) {
  let sum = 0;
  for (let index = from; index < to; index++) sum += indexOf(keys[index % KEYS]);
  return sum;
}
