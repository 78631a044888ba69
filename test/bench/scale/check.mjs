import { setTimeout as wait } from 'node:timers/promises';
import { answerOf } from '../redis/child.mjs';

const PROCESSES = 40;
const SECONDS = 5;
const BEATS_PER_TICK = (PROCESSES * 1.5) / 1_000;
const HOUR = 3_600_000;

/** A real run at a rate, and what the model says of it: of Redis, and of one process among the listeners. */
export async function check({ office, crowd, listener, port, model, costs, rate }) {
  await answerOf(crowd, { port, count: PROCESSES - 1, channels: office.channels });
  await wait(500);
  await answerOf(listener, { name: 'begin' });
  const before = await office.spent();
  const began = process.hrtime.bigint();
  const seen = await drive(office, rate);
  const seconds = Number(process.hrtime.bigint() - began) / 1e9;
  await wait(300);
  const redis = ((await office.spent()) - before) / seconds / 1e6;
  const { micros, pieces } = await answerOf(listener, { name: 'end' });
  const groups = seen.groups.reduce((sum, count) => sum + model.group(PROCESSES, count), 0);
  const { message, piece } = costs.heard;
  const told = seen.groups.reduce((sum, count) => sum + count, 0);
  return {
    rate: told / seconds,
    perTurn: told / seen.groups.length,
    redis: { measured: redis, predicted: (groups + seen.beats * costs.beat.alone) / seconds / 1e6 },
    process: { measured: micros / seconds / 1e6, predicted: (told * message + pieces * piece) / seconds / 1e6 },
  };
}

/** Half of them keys and half tags, at each moment as many as are due; beside them the heartbeats of all. */
async function drive(office, rate) {
  const groups = [];
  let [told, beats] = [0, 0];
  const began = process.hrtime.bigint();
  for (let passed = 0; passed < SECONDS; passed = Number(process.hrtime.bigint() - began) / 1e9) {
    const due = Math.floor(passed * rate) - told;
    if (due > 0) {
      groups.push(due);
      await office.together(Array.from({ length: due }, (_, index) => invalidationOf(told + index)));
      told += due;
    }
    for (; beats < passed * 1_000 * BEATS_PER_TICK; beats++) {
      await office.together([(scripts) => Promise.all([scripts.fence(), scripts.heartbeat()])]);
    }
    await wait(1);
  }
  return { groups, beats };
}

function invalidationOf(number) {
  if (number % 2 === 0) return (scripts) => scripts.invalidateKey(`checked/${number}`);
  return (scripts) => scripts.invalidateTags([`checked:${number % 500}`], HOUR);
}
