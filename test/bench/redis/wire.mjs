import { setTimeout as wait } from 'node:timers/promises';
import { createLayerCache } from '../../../dist/esm/index.js';
import { keyOf, sharedTagsOf, valueOf } from '../data.mjs';
import { median } from '../statistics.mjs';
import { withServers } from './server.mjs';
import { Tap } from './tap.mjs';

const SAMPLES = 5;
/** The first time a script is sent as its text. */
const WARMUPS = 2;
const MOST_ATTEMPTS = 50;
/** After it nothing more comes of an operation. */
const QUIET_MS = 40;
const HEARTBEAT = 'EVALSHA heartbeat';
const FIGURES = ['trips', 'sent', 'received', 'heard'];

/** Commands and bytes, as RESP has them, that each operation of a cache costs; nothing is timed. */
export function measureWire() {
  return withServers(1, async ({ port }) => {
    // One with memory, and one that has to ask.
    const near = await Tapped.start(port, {});
    const far = await Tapped.start(port, { memory: false });
    try {
      return await allOperations(near, far);
    } finally {
      for (const one of [near, far]) await one.stop();
    }
  });
}

class Tapped {
  static async start(target, options) {
    const tapped = new Tapped();
    tapped.tap = await Tap.start(target);
    const url = `redis://127.0.0.1:${tapped.tap.port}`;
    tapped.cache = createLayerCache({ prefix: 'bench', redis: { url }, ttl: '1h', ...options });
    await tapped.cache.ready();
    return tapped;
  }

  async stop() {
    await this.cache.close();
    this.tap.stop();
  }
}

async function allOperations(near, far) {
  const tags = sharedTagsOf();
  const count = { next: 0 };
  const newKey = () => keyOf(10_000 + count.next++);
  const load = (key) => () => Promise.resolve(valueOf(key));
  const [plain, tagged] = [newKey(), newKey()];
  const store = async () => {
    await near.cache.set(plain, valueOf(plain));
    await near.cache.set(tagged, valueOf(tagged), { tags });
  };
  await store();

  const rows = [];
  const row = async (name, sample, isWanted = isUndisturbed) =>
    rows.push({ name, ...(await measure(sample, isWanted)) });
  const whole = (name, { tap }, operation) => row(name, () => seenBy(tap, operation));
  const read = (of, key, options) => of.cache.getOrSet(key, load(key), options);

  await whole('a hit in memory', near, () => read(near, plain));
  await whole('a hit in Redis, no tags', far, () => read(far, plain));
  await whole('a hit in Redis, two tags declared', far, () => read(far, tagged, { tags }));
  await whole('a hit in Redis, two tags that only the entry names', far, () => read(far, tagged));
  const many = Array.from({ length: 64 }, newKey);
  for (const key of many) await near.cache.set(key, valueOf(key));
  await whole('64 hits in Redis at once, no tags', far, () => Promise.all(many.map((key) => read(far, key))));
  for (const [name, options] of Object.entries({ 'no tags': {}, 'two tags declared': { tags } })) {
    await row(`a miss until it loads, ${name}`, () => missOf(far, newKey(), options).untilLoad);
    await row(`its store behind the answer, ${name}`, () => missOf(far, newKey(), options).sinceLoad);
  }
  await whole('a miss that another process loads: the wait', far, () => waitOf(near, far, newKey()));
  await whole('set, no tags', near, () => near.cache.set(plain, valueOf(plain)));
  await whole('set, two tags', near, () => near.cache.set(tagged, valueOf(tagged), { tags }));
  await whole('delete', near, () => near.cache.delete(plain));
  await whole('invalidateTags, one tag', near, () => near.cache.invalidateTags(tags[0]));
  await whole('what another process hears of that', far, () => near.cache.invalidateTags(tags[0]));
  await whole('clear', near, () => near.cache.clear());
  await row(
    'a heartbeat',
    () => heartbeatOf(near.tap),
    () => true,
  );
  return rows;
}

/** The middle of some samples. */
async function measure(sample, isWanted) {
  const samples = [];
  for (let attempt = 0; samples.length < WARMUPS + SAMPLES; attempt++) {
    if (attempt === MOST_ATTEMPTS) throw new Error('Heartbeats fall into every sample.');
    const seen = await sample();
    if (isWanted(seen)) samples.push(seen);
  }
  const kept = samples.slice(WARMUPS);
  const figures = Object.fromEntries(FIGURES.map((name) => [name, median(kept.map((seen) => seen[name]))]));
  return { ...figures, commands: median(kept.map(({ names }) => names.length)), names: kept.at(-1).names };
}

function isUndisturbed({ names }) {
  return !names.includes(HEARTBEAT);
}

/** All that an operation leads to, its answer and what follows behind. */
async function seenBy(tap, operation) {
  await wait(QUIET_MS);
  tap.take();
  await operation();
  await wait(QUIET_MS);
  return tap.take();
}

/** A miss in two parts: before its loader runs, and after. */
function missOf({ cache, tap }, key, options) {
  const loading = signal();
  const sinceLoad = seenBy(tap, () => {
    const load = () => {
      loading.give(tap.take());
      return Promise.resolve(valueOf(key));
    };
    return cache.getOrSet(key, load, options);
  });
  return { untilLoad: Promise.all([loading.given, sinceLoad]).then(([seen]) => seen), sinceLoad };
}

/** From the call of one cache until it has what another one loads meanwhile. */
async function waitOf(loading, waiting, key) {
  const begun = signal();
  const gate = signal();
  const load = async () => {
    begun.give();
    await gate.given;
    return valueOf(key);
  };
  const first = loading.cache.getOrSet(key, load);
  await begun.given;
  waiting.tap.take();
  const second = waiting.cache.getOrSet(key, () => Promise.reject(new Error(`${key} is loaded twice.`)));
  const isRefused = ({ names, isWaiting }) => names.includes('EVALSHA acquire') && !isWaiting;
  while (!isRefused(waiting.tap.seen)) await wait(1);
  gate.give();
  await Promise.all([first, second]);
}

async function heartbeatOf(tap) {
  tap.take();
  while (!tap.seen.names.includes(HEARTBEAT) || tap.seen.isWaiting) await wait(1);
  return tap.take();
}

function signal() {
  let give;
  const given = new Promise((resolve) => {
    give = resolve;
  });
  return { given, give };
}
