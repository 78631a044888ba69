import { isScriptClient, type ScriptPort, ScriptRunner } from '../../lib/redis/scripts.js';
import { ModelledRedis } from '../simulation/modelled-redis.js';

/** A Redis that can be looked at and interfered with: a real one, or the model. */
export interface World {
  readonly port: ScriptPort;
  delete(key: string): Promise<void>;
  /** Without text: a value that is no string. */
  put(key: string, text: string | undefined): Promise<void>;
  flush(): Promise<void>;
  fill(full: 'full' | 'free'): Promise<void>;
  pttl(key: string): Promise<number>;
  /** What was published since it was last asked. */
  published(): Promise<readonly string[]>;
}

/** What is called of ioredis here. */
export interface Client {
  del(key: string): Promise<unknown>;
  set(key: string, value: Buffer): Promise<unknown>;
  lpush(key: string, value: string): Promise<unknown>;
  flushdb(): Promise<unknown>;
  config(command: 'SET', name: string, value: string): Promise<unknown>;
  pttl(key: string): Promise<number>;
  publish(channel: string, message: string): Promise<unknown>;
}

export interface Listener {
  psubscribe(pattern: string): Promise<unknown>;
  on(event: 'pmessage', listener: (pattern: string, channel: string, message: string) => void): unknown;
}

const END = 'lc1:end';

/** The real one. */
export class ServerWorld implements World {
  readonly port: ScriptPort;
  readonly #client: Client;
  readonly #messages: string[] = [];
  #atEnd: () => void = () => {};

  private constructor(client: Client) {
    if (!isScriptClient(client)) throw new TypeError('no client that runs scripts');
    this.#client = client;
    this.port = new ScriptRunner(client);
  }

  static async connect(client: Client, listener: Listener): Promise<ServerWorld> {
    const world = new ServerWorld(client);
    listener.on('pmessage', (_pattern, channel, message) => {
      if (channel === END) world.#atEnd();
      else world.#messages.push(`${channel} ${message}`);
    });
    await listener.psubscribe('lc1:*');
    return world;
  }

  async delete(key: string): Promise<void> {
    await this.#client.del(key);
  }

  async put(key: string, text: string | undefined): Promise<void> {
    await this.#client.del(key);
    if (text === undefined) await this.#client.lpush(key, 'not ours');
    else await this.#client.set(key, Buffer.from(text, 'latin1'));
  }

  async flush(): Promise<void> {
    await this.#client.flushdb();
  }

  async fill(full: 'full' | 'free'): Promise<void> {
    await this.#client.config('SET', 'maxmemory', full === 'full' ? '1' : '0');
  }

  pttl(key: string): Promise<number> {
    return this.#client.pttl(key);
  }

  /** Messages come in order: once the last one is here, all are. */
  async published(): Promise<readonly string[]> {
    await new Promise<void>((done, failed) => {
      this.#atEnd = done;
      this.#client.publish(END, '').catch(failed);
    });
    return this.#messages.splice(0);
  }
}

/** The model, with a clock that moves at each command. */
export class ModelWorld implements World {
  readonly port: ModelledRedis;
  readonly #messages: string[] = [];
  #micros = 1_763_000_000_000_000;

  constructor(onBranch: (branch: string) => void) {
    this.port = new ModelledRedis({
      time: () => ++this.#micros,
      runId: `${'a'.repeat(40)}:${'a'.repeat(40)}`,
      onBranch,
    });
    this.port.subscribe((channel, message) => this.#messages.push(`${channel} ${message}`));
  }

  delete(key: string): Promise<void> {
    this.port.delete(key);
    return Promise.resolve();
  }

  put(key: string, text: string | undefined): Promise<void> {
    this.port.put(key, text);
    return Promise.resolve();
  }

  flush(): Promise<void> {
    this.port.flush();
    return Promise.resolve();
  }

  fill(full: 'full' | 'free'): Promise<void> {
    this.port.full = full === 'full';
    return Promise.resolve();
  }

  pttl(key: string): Promise<number> {
    return Promise.resolve(this.port.pttl(key));
  }

  published(): Promise<readonly string[]> {
    return Promise.resolve(this.#messages.splice(0));
  }
}
