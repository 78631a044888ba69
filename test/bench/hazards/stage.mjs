import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { RedisServer } from './built.mjs';
import { limited, pause, within } from './time.mjs';
import { Wire } from './wire.mjs';

const CHILD = fileURLToPath(new URL('child.mjs', import.meta.url));
/** What nobody asks for in a hazard, and makes scripts and connections known before it. */
const WARM = { ttl: 60_000 };

/** Where one hazard is shown on one cache: instances, processes, connections and servers, which end with it. */
export class Stage {
  /** The first part of all keys. */
  prefix = `hazard-${randomUUID().slice(0, 8)}`;
  #contestant;
  #shared;
  #endings = [];

  constructor(contestant, shared) {
    this.#contestant = contestant;
    this.#shared = shared;
  }

  /** A server that others use at the same time. */
  get redis() {
    return this.#shared.redis;
  }

  /** A cluster that others use at the same time. */
  cluster() {
    return this.#shared.cluster();
  }

  has(feature) {
    return this.#contestant.features.includes(feature);
  }

  /** An instance of the cache with a memory of its own, as in a process of its own. */
  async open({ through = this.redis, ...options } = {}) {
    const { port, nodes, natMap } = through;
    const cache = await this.#contestant.open({ port, nodes, natMap, prefix: this.prefix, ...options });
    this.#endings.push(() => cache.close());
    return cache;
  }

  /** Two of them, whose messages are being heard. */
  async openTwo(through = [this.redis, this.redis]) {
    const [a, b] = await Promise.all(through.map((way) => this.open({ through: way })));
    await Promise.all([this.warm(a), this.warm(b)]);
    return [a, b];
  }

  /** One that holds nothing yet, as in a process that was just started. */
  async fresh(through = this.redis) {
    const cache = await this.open({ through });
    await this.warm(cache);
    return cache;
  }

  /** Has a value cached that is the source's now, in memory and in Redis: without that a hazard would show nothing. */
  async keep(cache, row, options, server = this.redis) {
    await cache.getOrSet('key', row.load, options);
    if (!(await within(5_000, async () => (await this.keysWith(row.value, server)).length > 0)))
      throw new Error('Redis does not hold the value');
    const { loads } = row;
    await cache.getOrSet('key', row.load, options);
    if (row.loads !== loads) throw new Error('memory does not hold the value');
  }

  /** Uses an instance for something else, so that it is connected and subscribed, and Redis knows its scripts. */
  async warm(cache) {
    const tags = this.has('tags') ? { tags: ['warm-up'] } : {};
    const used = async () => {
      await cache.getOrSet('warm-up', () => 'warm', { ...WARM, ...tags });
      await this.settle();
      await cache.invalidate('warm-up');
      await cache.set('warm-up', 'warm', WARM);
      if (this.has('tags')) await cache.invalidateTags('warm-up');
      return true;
    };
    if (!(await within(15_000, used))) throw new Error('it does not become ready');
    await this.settle();
  }

  /** A process of its own, whose clock may be wrong. */
  async process({ through = this.redis, clockShift = 0 } = {}) {
    const { name } = this.#contestant;
    const told = { name, clockShift, options: { port: through.port, prefix: this.prefix } };
    const child = fork(CHILD, [JSON.stringify(told)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    this.#endings.push(() => child.kill('SIGKILL'));
    const actor = new Actor(child);
    await actor.do({ act: 'begin' });
    return actor;
  }

  /** A server that can be hurt. A replica of it gets its data at once, where the default lets it wait for others. */
  async server() {
    const server = await RedisServer.start({ args: ['--repl-diskless-sync-delay', '0'] });
    this.#endings.push(() => server.stop());
    return server;
  }

  async wire(server = this.redis) {
    const wire = await Wire.start(server.port);
    this.#endings.push(() => wire.stop());
    return wire;
  }

  /** A way to the cluster by which one of its shards can be out of reach. */
  async wayWithGap(cluster) {
    const way = await cluster.wayWithGap();
    this.#endings.push(() => way.stop());
    return way;
  }

  /** The names of all that lies in Redis for this hazard. */
  keys(server = this.redis) {
    return server.command('KEYS', `*${this.prefix}*`);
  }

  /** Those of them that hold a text. */
  async keysWith(text, server = this.redis) {
    const keys = await this.keys(server);
    const values = await Promise.all(keys.map((key) => server.command('GET', key).catch(() => '')));
    return keys.filter((_key, index) => values[index]?.includes(text));
  }

  /** Long enough for messages to be heard and for what is written behind an answer. */
  settle() {
    return pause(150);
  }

  async end() {
    const endings = this.#endings.splice(0).toReversed();
    await Promise.all(endings.map((end) => limited(Promise.resolve().then(end), 2_000).catch(() => undefined)));
  }
}

/** One's end of the line to a process with a cache of its own. */
class Actor {
  #child;
  #waiting = new Map();
  #orders = 0;

  constructor(child) {
    this.#child = child;
    child.on('error', () => undefined);
    child.on('message', ({ n, done, failed }) => {
      const { resolve, reject } = this.#waiting.get(n);
      this.#waiting.delete(n);
      if (failed === undefined) resolve(done);
      else reject(new Error(failed));
    });
  }

  do(order) {
    const n = ++this.#orders;
    return new Promise((resolve, reject) => {
      this.#waiting.set(n, { resolve, reject });
      this.#child.send({ n, order });
    });
  }

  /** The source answers with `loaded` there, should it be asked. */
  getOrSet(key, loaded, options) {
    return this.do({ act: 'getOrSet', key, loaded, options });
  }

  kill() {
    this.#child.kill('SIGKILL');
  }
}
