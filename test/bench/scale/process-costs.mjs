import { setTimeout as wait } from 'node:timers/promises';
import { answerOf } from '../redis/child.mjs';
import { median } from '../statistics.mjs';
import { TOGETHER } from './redis-costs.mjs';

const ENTRIES = 10_000;
const TAG = 'catalogue';
const HOUR = 3_600_000;
const ALONE = 150;
const TURNS = 40;
const REPEATS = 5;
/** Until everything that was published has been heard. */
const QUIET_MS = 150;
const RECENT = 10_000;
const IDLE_MS = 2_000;
/** The first heartbeats meet functions that were hardly ever run. */
const IDLE_WARMUPS = 2;
const IDLE_WINDOWS = 7;

const nameOfEntry = (index) => `items/${index}`;

/** What memory is to hold. */
export async function fill(listener) {
  const keys = Array.from({ length: ENTRIES }, (_, index) => nameOfEntry(index));
  await answerOf(listener, { name: 'fill', keys, tags: [TAG] });
}

/** Microseconds of a process for each message that it hears: of one that comes alone, and of one among many. */
export async function measureHeard({ office, listener }) {
  let held = 0;
  let other = 0;
  const kinds = [
    ['a key that memory does not hold', (scripts) => scripts.invalidateKey(`other/${other++}`)],
    ['a tag that nothing in memory has', (scripts) => scripts.invalidateTags([`other:${other++}`], HOUR)],
    ['the same, 10,000 tags on', (scripts) => scripts.invalidateTags([`other:${other++}`], HOUR)],
    ['a key that memory holds', (scripts) => scripts.invalidateKey(nameOfEntry(held++))],
  ];
  const rows = [];
  for (const [name, operation] of kinds) {
    if (name.endsWith('on')) await tagsOfOthers(office, RECENT);
    // What is held can be invalidated but once.
    const few = name.endsWith('holds');
    await heard({ office, listener, operation }, { turns: few ? 10 : TURNS, together: TOGETHER });
    const samples = [];
    for (let repeat = 0; repeat < REPEATS; repeat++) {
      const alone = await heard({ office, listener, operation }, { turns: few ? 100 : ALONE, together: 1 });
      const among = await heard({ office, listener, operation }, { turns: few ? 15 : TURNS, together: TOGETHER });
      samples.push(solved(alone, among));
    }
    rows.push({
      name,
      message: median(samples.map(({ message }) => message)),
      piece: median(samples.map(({ piece }) => piece)),
    });
  }
  return rows;
}

/** Two runs that differ in how many messages a piece brings tell the price of both. */
function solved(alone, among) {
  const determinant = alone.messages * among.pieces - among.messages * alone.pieces;
  return {
    message: (alone.micros * among.pieces - among.micros * alone.pieces) / determinant,
    piece: (alone.messages * among.micros - among.messages * alone.micros) / determinant,
  };
}

async function heard({ office, listener, operation }, { turns, together }) {
  await answerOf(listener, { name: 'begin' });
  for (let turn = 0; turn < turns; turn++) {
    await office.together(Array.from({ length: together }, () => operation));
    await wait(1);
  }
  await wait(QUIET_MS);
  return { ...(await answerOf(listener, { name: 'end' })), messages: turns * together };
}

/** Microseconds of a process for an invalidation of its own, until it has heard of it itself. */
export async function measureOwn({ listener }) {
  const rows = [];
  let from = 0;
  for (const kind of ['key', 'tag']) {
    const costs = { alone: [], among: [] };
    for (let repeat = -1; repeat < REPEATS; repeat++) {
      for (const [figure, turns, together] of [
        ['alone', ALONE, 1],
        ['among', TURNS, TOGETHER],
      ]) {
        const { micros } = await answerOf(listener, { name: 'invalidate', kind, turns, together, from });
        from += turns * together;
        if (repeat >= 0) costs[figure].push(micros / turns / together);
      }
    }
    rows.push({ name: `its own invalidation of a ${kind}`, alone: median(costs.alone), among: median(costs.among) });
  }
  return rows;
}

/** Microseconds of a hit: when nothing came since the last look at the entry, when one foreign invalidation did, and very many. */
export async function measureHits({ office, listener }) {
  const keys = Array.from({ length: ENTRIES / 2 }, (_, index) => nameOfEntry(ENTRIES - 1 - index));
  const pass = async () => (await answerOf(listener, { name: 'hit', keys, tags: [TAG] })).micros / keys.length;
  for (let warm = 0; warm < 5; warm++) await pass();
  const after = async (name, count) => {
    const costs = [];
    for (let repeat = 0; repeat < REPEATS; repeat++) {
      await tagsOfOthers(office, count);
      await wait(count > 1 ? 2 * QUIET_MS : 20);
      costs.push(await pass());
    }
    return { name, micros: median(costs) };
  };
  return [
    await after('nothing came since the last hit', 0),
    await after('a tag of others was invalidated since', 1),
    await after('1,000 tags of others were', 1_000),
    await after('a key of others was', -1),
  ];
}

let others = 0;

async function tagsOfOthers(office, count) {
  if (count < 0) return office.together([(scripts) => scripts.invalidateKey('other/key')]);
  for (let left = count; left > 0; left -= TOGETHER) {
    const some = Array.from({ length: Math.min(left, TOGETHER) }, () => `others:${others++}`);
    await office.together(some.map((tag) => (scripts) => scripts.invalidateTags([tag], HOUR)));
  }
}

/** The share of a processor that idle processes take, each for itself: the middle of some seconds, for engines tidy up at times. */
export async function measureIdle(listeners) {
  const shares = listeners.map(() => []);
  for (let window = -IDLE_WARMUPS; window < IDLE_WINDOWS; window++) {
    for (const listener of listeners) await answerOf(listener, { name: 'begin' });
    await wait(IDLE_MS);
    for (const [index, listener] of listeners.entries()) {
      const { micros } = await answerOf(listener, { name: 'end' });
      if (window >= 0) shares[index].push(micros / IDLE_MS / 1_000);
    }
  }
  return shares.map(median);
}
