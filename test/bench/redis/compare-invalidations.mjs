import { createLayerCache } from '../../../dist/esm/index.js';
import { median } from '../statistics.mjs';
import { fillWith, nameOfEntry } from './entries.mjs';
import { commandsBetween, commandsOf, withServers } from './server.mjs';

const TAG = 'catalogue';
const WARMUPS = 20;
const INVALIDATIONS = 200;
/** As many as memory holds. */
const MOST_LOOKED_AT = 10_000;
/** What a client sends; all else that the server counts is run by scripts. */
const SENT = /^(eval|evalsha)$/;

/**
 * Microseconds that it takes to end a tag that so many entries carry, against one that few carry, each in a server of its own.
 * By turns, one after the other. After the first time the entries lie there still, with a version that is over.
 */
export function compareInvalidations({ measured, against, mostEntries }) {
  const [many, few] = [measured, against].map(({ entries }) => (entries === 'most' ? mostEntries : entries));
  return withServers(2, async (...servers) => {
    const sides = [await sideOn(servers[0], many), await sideOn(servers[1], few)];
    for (let time = 0; time < WARMUPS; time++) for (const { cache } of sides) await cache.invalidateTags(TAG);
    for (const side of sides) await refuseEntries(side);

    const before = await Promise.all(servers.map(commandsOf));
    const times = sides.map(() => []);
    for (let time = 0; time < INVALIDATIONS; time++) {
      for (const [index, { cache }] of sides.entries()) {
        const begin = performance.now();
        await cache.invalidateTags(TAG);
        times[index].push((performance.now() - begin) * 1_000);
      }
    }
    const after = await Promise.all(servers.map(commandsOf));

    for (const { cache } of sides) await cache.close();
    const [amount, baseline] = times.map(median);
    return {
      ratio: amount / baseline,
      ...{ amount, baseline, entries: many },
      sent: commandsBetween(before[0], after[0], (name) => SENT.test(name)) / INVALIDATIONS,
      run: commandsBetween(before[0], after[0], (name) => !SENT.test(name)) / INVALIDATIONS,
    };
  });
}

/** With memory that holds what it can of them. */
async function sideOn({ port }, entries) {
  const cache = createLayerCache({
    prefix: 'bench',
    redis: { url: `redis://127.0.0.1:${port}` },
    ttl: '1h',
    // Heartbeats are commands, too.
    staleBound: '60s',
  });
  await cache.ready();
  await fillWith({ cache, port, tag: TAG, entries });
  await lookAt({ cache, entries }, (value, index) => value?.index === index);
  return { cache, entries };
}

function refuseEntries(side) {
  return lookAt(side, (value) => value === undefined);
}

async function lookAt({ cache, entries }, isRight) {
  const step = Math.max(1, Math.floor(entries / MOST_LOOKED_AT));
  for (let index = 0; index < entries; index += step) {
    const value = await cache.get(nameOfEntry(index));
    if (!isRight(value, index)) throw new Error(`Entry ${index} of ${entries} was read as ${JSON.stringify(value)}.`);
  }
}
