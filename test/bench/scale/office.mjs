import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { BucketKeys } from '../../../dist/esm/redis/keys.js';
import { ScriptRunner } from '../../../dist/esm/redis/scripts.js';
import { SharedScripts } from '../../../dist/esm/redis/shared-scripts.js';

const NONCE_BYTES = 11;

/** Another process, as Redis knows it: the library's own scripts on one connection, and nothing around them. */
export class Office {
  #client;

  static async open(port) {
    const office = new Office();
    office.#client = new Redis({ port, host: '127.0.0.1', lazyConnect: true });
    await office.#client.connect();
    office.keys = new BucketKeys({ prefix: 'bench', cache: 'default', bucket: 0, audience: '0' });
    office.scripts = new SharedScripts(new ScriptRunner(office.#client), office.keys, () =>
      randomBytes(NONCE_BYTES).toString('base64url'),
    );
    await office.scripts.fence();
    return office;
  }

  get channels() {
    return [this.keys.invalidations, this.keys.wakes];
  }

  /** So many at once go out as one piece, which Redis takes in one turn of its loop. */
  async together(operations) {
    const { stream } = this.#client;
    stream.cork();
    const answers = operations.map((operation) => operation(this.scripts));
    // Reads are merged, and sent a moment later.
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    stream.uncork();
    return Promise.all(answers);
  }

  publish(channel, text) {
    return this.#client.publish(channel, text);
  }

  /** Microseconds of processor time that the server has used. */
  async spent() {
    const text = await this.#client.info('cpu');
    const part = (name) => Number(new RegExp(`used_cpu_${name}:([\\d.]+)`).exec(text)[1]);
    return (part('user') + part('sys')) * 1e6;
  }

  async memory() {
    return Number(/used_memory:(\d+)/.exec(await this.#client.info('memory'))[1]);
  }

  /** Gets the server a replica, and waits until it follows. */
  async lead(port, replica) {
    await this.#client.config('SET', 'repl-diskless-sync-delay', '0');
    await replica.command('REPLICAOF', '127.0.0.1', String(port));
    while (!/master_link_status:up/.test(await replica.command('INFO', 'replication'))) await wait(50);
  }

  close() {
    this.#client.disconnect();
  }
}
