import { setTimeout as wait } from 'node:timers/promises';
import { createLayerCache } from '../../../dist/esm/index.js';

/** A process in which many callers ask for a key at the moment it is told. */
const { port, callers, loadMs } = JSON.parse(process.argv[2]);

// Whoever has lost his parent has nobody to call for.
process.on('disconnect', () => process.exit());

const cache = createLayerCache({ prefix: 'bench', redis: { url: `redis://127.0.0.1:${port}` }, ttl: '1h' });
await cache.ready();
let count = 0;

process.on('message', (order) => void ask(order).then((reply) => process.send(reply)));
process.send('ready');

async function ask({ key, at }) {
  const loads = [];
  const load = async () => {
    const one = { id: `${process.pid}/${++count}`, ended: undefined };
    loads.push(one);
    await wait(loadMs);
    one.ended = now();
    return one.id;
  };
  const answers = new Set();
  let last = 0;
  const call = async () => {
    answers.add(await cache.getOrSet(key, load));
    last = now();
  };
  await wait(Math.max(0, at - now()));
  const began = now();
  await Promise.all(Array.from({ length: callers }, call));
  return { began, last, answers: [...answers], loads };
}

/** Milliseconds, comparable between processes. */
function now() {
  return Number(process.hrtime.bigint()) / 1e6;
}
