import { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { createLayerCache } from '../../../dist/esm/index.js';

/** A process with a cache, which says what the things cost it that it is told of. */
const { at, staleBound } = JSON.parse(process.argv[2]);
process.on('disconnect', () => process.exit());

let pieces = 0;
/** Each piece of what arrives is a turn of the loop, however many messages it brings. */
Socket.prototype.push = function (...given) {
  pieces++;
  return Readable.prototype.push.apply(this, given);
};

// Its patience is not what is measured, however busy the machine.
const redis = { ...at, commandTimeout: '10s' };
const cache = createLayerCache({ prefix: 'bench', redis, ttl: '1h', staleBound });
await cache.ready();

let since = { cpu: process.cpuUsage(), pieces };
const orders = {
  begin() {
    since = { cpu: process.cpuUsage(), pieces };
  },
  end: () => spent(),
  async fill({ keys, tags }) {
    for (const key of keys) await cache.getOrSet(key, () => ({ key }), { tags });
  },
  /** Hits, one awaited after the other. */
  async hit({ keys, tags }) {
    const refuse = () => Promise.reject(new Error('It is not in memory.'));
    orders.begin();
    for (const key of keys) await cache.getOrSet(key, refuse, { tags });
    return spent();
  },
  /** Its own invalidations, so many at once. */
  async invalidate({ kind, turns, together, from }) {
    orders.begin();
    for (let turn = 0; turn < turns; turn++) {
      const names = Array.from({ length: together }, (_, index) => `own/${from + turn * together + index}`);
      const end = (name) => (kind === 'key' ? cache.delete(name) : cache.invalidateTags(name));
      await Promise.all(names.map(end));
    }
    return spent();
  },
};

process.on('message', ({ name, ...order }) => {
  void Promise.resolve(orders[name](order)).then((reply) => process.send(reply ?? 'done'));
});
process.send('ready');

function spent() {
  const { user, system } = process.cpuUsage(since.cpu);
  return { micros: user + system, pieces: pieces - since.pieces };
}
