import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { median } from '../statistics.mjs';
import { pathOf, REPLIES } from './routes.mjs';
import { Client } from './client.mjs';
import { keyOf, verify } from '../data.mjs';

const CONNECTIONS = 32;
const SLICE_MS = 250;
const WARMUP_SLICES = 6;
const SLICES = 16;

const server = fileURLToPath(new URL('server.mjs', import.meta.url));

/**
 * Requests that two server processes answer per second of the processor time each is given. They are kept busy by turns, slice
 * by slice, so that whatever else slows the machine slows both; the ratio is the middle of those of neighbouring slices. A
 * server that is busy throughout would answer so many per second on a machine of its own: here the client takes its share.
 */
export async function compareRoutes({ measured, against }) {
  const servers = await Promise.all([start(measured), start(against)]);
  try {
    const pairs = [];
    for (let slice = 0; slice < WARMUP_SLICES + SLICES; slice++) {
      const rates = [await rateOf(servers[0]), await rateOf(servers[1])];
      if (slice >= WARMUP_SLICES) pairs.push(rates);
    }
    return {
      amount: median(pairs.map(([rate]) => rate)),
      baseline: median(pairs.map(([, rate]) => rate)),
      ratio: median(pairs.map(([rate, other]) => rate / other)),
    };
  } finally {
    for (const { child } of servers) child.kill('SIGKILL');
  }
}

async function start(variant) {
  const child = fork(server, [JSON.stringify(variant)], { env: { ...process.env, NODE_ENV: 'production' } });
  const [port] = await once(child, 'message');
  await verifyRoute(port, variant.route);
  return { child, port };
}

/** The right replies, and from where they are said to be. Fills the cache. */
async function verifyRoute(port, route) {
  for (let index = 0; index < REPLIES; index++)
    await fetch(`http://127.0.0.1:${port}${pathOf(index)}`).then((reply) => reply.text());
  const reply = await fetch(`http://127.0.0.1:${port}${pathOf(7)}`);
  verify(keyOf(7), await reply.json());
  const status = reply.headers.get('cache-status');
  const isHit = status?.startsWith('layercache; hit; ttl=') === true && reply.headers.get('age') !== null;
  if (isHit !== (route === 'cached')) throw new Error(`Cache-Status of the route '${route}': ${status}`);
}

async function rateOf({ child, port }) {
  const began = await processorSeconds(child);
  const client = new Client(port, CONNECTIONS);
  await wait(SLICE_MS);
  client.close();
  return client.replies / ((await processorSeconds(child)) - began);
}

async function processorSeconds(child) {
  child.send('usage');
  const [{ user, system }] = await once(child, 'message');
  return (user + system) / 1e6;
}
