import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { median } from '../statistics.mjs';
import { answerOf, replyOf } from './child.mjs';
import { commandsBetween, commandsOf, withServers } from './server.mjs';

const WARMUP_SLICES = 6;
const SLICES = 12;

const reader = fileURLToPath(new URL('reader.mjs', import.meta.url));

/**
 * Microseconds of its own processor time that each of two processes takes for a hit in Redis, each with a server of its own.
 * They read by turns, slice by slice, so that whatever else slows the machine slows both; the ratio is the middle of those of
 * neighbouring slices. The clock is looked at besides: by it, whoever reads also waits for the server's share of the machine.
 */
export function compareReads({ measured, against }) {
  return withServers(2, async (...servers) => {
    const sides = [];
    try {
      for (const [index, variant] of [measured, against].entries()) sides.push(await start(variant, servers[index]));
      const pairs = [];
      for (let slice = 0; slice < WARMUP_SLICES + SLICES; slice++) {
        const pair = [await sliceOf(sides[0]), await sliceOf(sides[1])];
        if (slice >= WARMUP_SLICES) pairs.push(pair);
      }
      for (const { child } of sides) await answerOf(child, 'verify');
      return figuresOf(pairs);
    } finally {
      for (const { child } of sides) child.kill('SIGKILL');
    }
  });
}

function figuresOf(pairs) {
  const middle = (figure) => median(pairs.map(([one, other]) => figure(one, other)));
  return {
    ratio: middle((one, other) => one.cpu / other.cpu),
    amount: middle((one) => one.cpu),
    baseline: middle((_, other) => other.cpu),
    clockRatio: middle((one, other) => one.clock / other.clock),
    clock: middle((one) => one.clock),
    clockBaseline: middle((_, other) => other.clock),
    commands: middle((one) => one.commands),
    commandsBaseline: middle((_, other) => other.commands),
  };
}

async function start(variant, server) {
  const child = fork(reader, [JSON.stringify({ ...variant, port: server.port })], {
    env: { ...process.env, NODE_ENV: 'production' },
  });
  // Reading begins when everything lies in Redis, and was read once.
  await replyOf(child);
  return { child, server };
}

async function sliceOf({ child, server }) {
  const before = await commandsOf(server);
  const { reads, cpu, clock } = await answerOf(child, 'slice');
  const commands = commandsBetween(before, await commandsOf(server));
  return { cpu: cpu / reads, clock: clock / reads, commands: commands / reads };
}
