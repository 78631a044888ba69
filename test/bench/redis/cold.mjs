import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { median } from '../statistics.mjs';
import { answerOf, replyOf } from './child.mjs';
import { withServers } from './server.mjs';

const PROCESSES = 8;
const CALLERS = 500;
/** Long enough for every process to find that another one loads, however late its turn comes on a busy machine. */
const LOAD_MS = 60;
/** Until the order has reached all processes. */
const NOTICE_MS = 20;

const caller = fileURLToPath(new URL('caller.mjs', import.meta.url));

/**
 * How often each key is loaded that many callers in several processes ask for at one moment, and how long after the end of its
 * load the last caller of each process is answered, in milliseconds. The processes share a clock, which is monotonic.
 */
export function measureCold({ coldKeys }) {
  return withServers(1, async ({ port }) => {
    const children = Array.from({ length: PROCESSES }, () =>
      fork(caller, [JSON.stringify({ port, callers: CALLERS, loadMs: LOAD_MS })], {
        env: { ...process.env, NODE_ENV: 'production' },
      }),
    );
    try {
      await Promise.all(children.map(replyOf));
      const bursts = [];
      // The first keys meet functions that were never run, and scripts that Redis does not know.
      for (let index = -5; index < coldKeys; index++) {
        const burst = await burstOf(children, `cold/${index}`);
        if (index >= 0) bursts.push(burst);
      }
      return figuresOf(bursts);
    } finally {
      for (const child of children) child.kill('SIGKILL');
    }
  });
}

/** What became of one key in each process. */
async function burstOf(children, key) {
  const at = Number(process.hrtime.bigint()) / 1e6 + NOTICE_MS;
  const results = await Promise.all(children.map((child) => answerOf(child, { key, at })));
  const loads = results.flatMap((result) => result.loads);
  const unknown = results.flatMap(({ answers }) => answers).filter((answer) => !loads.some(({ id }) => id === answer));
  if (unknown.length > 0) throw new Error(`Callers of ${key} were answered with ${unknown.join(', ')}.`);
  return { results, loads };
}

function figuresOf(bursts) {
  const single = bursts.filter(({ loads }) => loads.length === 1);
  const delays = single.flatMap(delaysOf);
  const others = delays.filter(({ isOwn }) => !isOwn).map(({ delay }) => delay);
  const own = delays.filter(({ isOwn }) => isOwn).map(({ delay }) => delay);
  if (others.length < bursts.length) throw new Error('Hardly anybody had to wait for the load of another process.');
  return {
    loads: bursts.reduce((sum, { loads }) => sum + loads.length, 0) / bursts.length,
    median: median(others),
    p99: others.toSorted((one, other) => one - other)[Math.floor(others.length * 0.99)],
    ownMedian: median(own),
    followers: others.length,
  };
}

/** Who called when the load was over found its value, and waited for nobody. */
function delaysOf({ results, loads: [{ ended }] }) {
  return results
    .filter(({ began }) => began < ended)
    .map(({ last, loads }) => ({ delay: last - ended, isOwn: loads.length > 0 }));
}
