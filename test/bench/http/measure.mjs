import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { median } from '../statistics.mjs';
import { pathOf, REPLIES } from './routes.mjs';
import { Client } from './client.mjs';
import { keyOf, verify } from '../data.mjs';

const CONNECTIONS = 32;
const WARMUP_MS = 1_500;
const SLICE_MS = 250;
const SLICES = 12;

const server = fileURLToPath(new URL('server.mjs', import.meta.url));

/**
 * Requests that a server process answers per second of the processor time it is given, in the middle of several slices. It is
 * kept busy throughout, so that on a machine of its own this would be its requests per second; on one where others run
 * as well, the client above all, this is the steadier figure.
 */
export async function measureRoute({ platform, route, withModule }) {
  const child = fork(server, [JSON.stringify({ platform, route, withModule })], {
    env: { ...process.env, NODE_ENV: 'production' },
  });
  try {
    const [port] = await once(child, 'message');
    await verifyRoute(port, route);
    return { perSecond: await drive(child, port) };
  } finally {
    child.kill('SIGKILL');
  }
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

async function drive(child, port) {
  const client = new Client(port, CONNECTIONS);
  await wait(WARMUP_MS);
  const rates = [];
  for (let slice = 0; slice < SLICES; slice++) {
    const [began, before] = [await processorSeconds(child), client.replies];
    await wait(SLICE_MS);
    const replies = client.replies - before;
    rates.push(replies / ((await processorSeconds(child)) - began));
  }
  client.close();
  return median(rates);
}

async function processorSeconds(child) {
  child.send('usage');
  const [{ user, system }] = await once(child, 'message');
  return (user + system) / 1e6;
}
