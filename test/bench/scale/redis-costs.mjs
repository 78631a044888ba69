import { median } from '../statistics.mjs';
import { answerOf } from '../redis/child.mjs';

/** So many commands of one turn of Redis's loop: what they have in common is shared by as many. */
export const TOGETHER = 32;
const REPEATS = 7;
const PAYLOAD = Buffer.alloc(300, 'x');
const SUBSCRIBERS = [0, 1, 10, 50, 100, 200, 500];
const HOUR = 3_600_000;
const LEASE = 10_000;
const TAGS = ['users', 'members'];

/** Microseconds of Redis for each operation: one at a time, and many in one turn. Nobody listens. */
export async function measureCommands(office) {
  const rows = [];
  const row = async (name, operation, amounts = { alone: 200, together: 20 }) => {
    const one = await costOf(office, () => office.together([operation]), amounts.alone);
    const many = Array.from({ length: TOGETHER }, () => operation);
    const among = (await costOf(office, () => office.together(many), amounts.together)) / TOGETHER;
    rows.push({ name, alone: one, among });
  };
  let count = 0;
  const key = () => `users/${count++ % 5_000}`;
  const newKey = () => `stored/${count++}`;
  await row('fence', (scripts) => scripts.fence());
  await row('heartbeat', (scripts) => scripts.heartbeat());
  await row('fence + heartbeat, as they are sent', (scripts) => Promise.all([scripts.fence(), scripts.heartbeat()]));
  await row('invalidateKey', (scripts) => scripts.invalidateKey(key()));
  await row('invalidateTags, one', (scripts) => scripts.invalidateTags([`tag:${count++ % 5_000}`], HOUR));
  await row('acquire', (scripts) => scripts.acquire(acquireOf(key(), [])));
  await row('acquire + store', (scripts) => stored(scripts, newKey(), []));
  await row('acquire + store, two tags', (scripts) => stored(scripts, newKey(), TAGS));
  await row('read of one key', (scripts) => scripts.read(key(), []));
  const keys = Array.from({ length: 64 }, (_, index) => `read/${index}`);
  for (const one of keys) await stored(office.scripts, one, []);
  await row('read of 64 keys, merged', (scripts) => Promise.all(keys.map((one) => scripts.read(one, []))), {
    alone: 200,
    together: 4,
  });
  return rows;
}

/** The same for one invalidation that so many hear; and what each of them makes of it, by the slope. */
export async function measureFanOut({ office, crowd, port }) {
  const rows = [];
  for (const subscribers of SUBSCRIBERS) {
    await answerOf(crowd, { port, count: subscribers, channels: office.channels });
    let count = 0;
    const operation = (scripts) => scripts.invalidateKey(`users/${count++}`);
    const alone = await costOf(office, () => office.together([operation]), subscribers > 100 ? 60 : 200);
    const many = Array.from({ length: TOGETHER }, () => operation);
    const among = await costOf(office, () => office.together(many), subscribers > 100 ? 8 : 30);
    const heard = await answerOf(crowd, { port, count: subscribers, channels: office.channels });
    rows.push({
      subscribers,
      alone,
      among: among / TOGETHER,
      bytes: subscribers === 0 ? 0 : heard / subscribers / count,
    });
  }
  return { rows, perListener: { alone: slope(rows, 'alone'), among: slope(rows, 'among') }, bytes: rows.at(-1).bytes };
}

/** What one message of many names would cost instead of many of one: plain PUBLISH, to a hundred. */
export async function measureSizes({ office, crowd, port }) {
  await answerOf(crowd, { port, count: 100, channels: office.channels });
  const costs = [];
  for (const size of [60, 125, 500, 2_000]) {
    const text = 'x'.repeat(size);
    const publish = () => office.publish(office.keys.invalidations, text);
    const alone = await costOf(office, publish, 200);
    const among = await costOf(office, () => office.together(Array.from({ length: TOGETHER }, () => publish)), 20);
    costs.push({ size, alone: alone / 100, among: among / TOGETHER / 100 });
  }
  return costs;
}

/** Microseconds of a primary for an invalidation that so many hear of a replica. */
export async function measureReplica({ office, crowd, port, replica }) {
  await office.lead(port, replica);
  await answerOf(crowd, { port, count: 0, channels: office.channels });
  await answerOf(crowd, { port: replica.port, count: 500, channels: office.channels });
  let count = 0;
  const operation = (scripts) => scripts.invalidateKey(`users/${count++}`);
  const many = Array.from({ length: TOGETHER }, () => operation);
  const alone = await costOf(office, () => office.together([operation]), 100);
  const among = (await costOf(office, () => office.together(many), 20)) / TOGETHER;
  const heard = await answerOf(crowd, { port: replica.port, count: 0, channels: [] });
  await replica.command('REPLICAOF', 'NO', 'ONE');
  return { alone, among, heard: heard / 500 / count };
}

/** Bytes of Redis for a connection that is idle, and for one that listens. */
export async function measureConnections({ office, crowd, port }) {
  await answerOf(crowd, { port, count: 0, channels: [] });
  const none = await office.memory();
  await answerOf(crowd, { port, count: 500, channels: [] });
  const idle = await office.memory();
  await answerOf(crowd, { port, count: 0, channels: [] });
  await answerOf(crowd, { port, count: 500, channels: office.channels });
  const listening = await office.memory();
  return { idle: (idle - none) / 500, listening: (listening - none) / 500 };
}

/** Medians of what a turn costs, without what the first ones do. */
async function costOf(office, turn, turns) {
  for (let index = 0; index < turns / 10; index++) await turn();
  const costs = [];
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    const before = await office.spent();
    for (let index = 0; index < turns; index++) await turn();
    costs.push(((await office.spent()) - before) / turns);
  }
  return median(costs);
}

let tokens = 0;

function acquireOf(key, tags) {
  const token = String(tokens++).padStart(24, '0');
  return { key, tags, token, leaseMs: LEASE, seen: '', tagTtlMs: HOUR };
}

/** A load that took no time. */
async function stored(scripts, key, tags) {
  const request = acquireOf(key, tags);
  const acquired = await scripts.acquire(request);
  const parts = { head: PAYLOAD, tail: new Uint8Array(0), ttlMs: HOUR, tagTtlMs: HOUR, lateTags: [] };
  const { kind } = await scripts.store({ ...parts, key: request.key, token: request.token, tags, acquired });
  if (kind !== 'stored') throw new Error(`A store was ${kind}.`);
}

/** Microseconds for each further subscriber, by the ends of what was measured from ten on. */
function slope(rows, figure) {
  const [first, last] = [rows.find(({ subscribers }) => subscribers === 10), rows.at(-1)];
  return (last[figure] - first[figure]) / (last.subscribers - first.subscribers);
}
