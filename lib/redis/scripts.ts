import { createHash } from 'node:crypto';
import { LUA } from './scripts/sources.js';

export type ScriptName = Exclude<keyof typeof LUA, 'prelude'>;
export type ScriptArgument = string | Buffer;

/** One run of a script: all keys it touches, and the rest. */
export interface ScriptCall {
  readonly script: ScriptName;
  readonly keys: readonly string[];
  readonly args: readonly ScriptArgument[];
}

/** Where scripts and plain reads go: a connection, or the model of one. */
export interface ScriptPort {
  /** The reply as Redis gives it: bulk strings as Buffers, lists as arrays, nothing as null. */
  run(call: ScriptCall): Promise<unknown>;
  mget(keys: readonly string[]): Promise<readonly (Buffer | null)[]>;
}

/** What is called of a client. `Redis` and `Cluster` of ioredis 5 and 6 have it, though their types name no `eval…Buffer`. */
export interface ScriptClient {
  evalshaBuffer(sha: string, numberOfKeys: number, ...keysAndArgs: ScriptArgument[]): Promise<unknown>;
  evalBuffer(script: string, numberOfKeys: number, ...keysAndArgs: ScriptArgument[]): Promise<unknown>;
  mgetBuffer(...keys: string[]): Promise<(Buffer | null)[]>;
}

/** Whether a client has it: its types do not say. */
export function isScriptClient(client: object): client is ScriptClient {
  const methods = client as Record<string, unknown>;
  return ['evalshaBuffer', 'evalBuffer', 'mgetBuffer'].every((name) => typeof methods[name] === 'function');
}

interface Script {
  readonly text: string;
  readonly sha: string;
}

const scripts = new Map<ScriptName, Script>();

/** A script as it is sent: what all share, then its own. */
export function scriptOf(name: ScriptName): Script {
  const known = scripts.get(name);
  if (known !== undefined) return known;
  const text = `${LUA.prelude}${LUA[name]}`;
  const script = { text, sha: createHash('sha1').update(text).digest('hex') };
  scripts.set(name, script);
  return script;
}

/**
 * Runs scripts on a client by their digest. A server that does not know one says so and has then done nothing: the first
 * caller brings the text along, the others wait for him. On a cluster a second node may not know it either; then each brings it.
 */
export class ScriptRunner implements ScriptPort {
  readonly #client: ScriptClient;
  readonly #bringing = new Map<ScriptName, Promise<unknown>>();

  constructor(client: ScriptClient) {
    this.#client = client;
  }

  async run(call: ScriptCall): Promise<unknown> {
    try {
      return await this.#byDigest(call);
    } catch (error) {
      if (!isUnknownScript(error)) throw error;
    }
    const brought = this.#bringing.get(call.script);
    if (brought === undefined) return this.#bring(call);
    try {
      await settled(brought);
      return await this.#byDigest(call);
    } catch (error) {
      if (!isUnknownScript(error)) throw error;
      return this.#byText(call);
    }
  }

  mget(keys: readonly string[]): Promise<readonly (Buffer | null)[]> {
    return this.#client.mgetBuffer(...keys);
  }

  async #bring(call: ScriptCall): Promise<unknown> {
    const reply = this.#byText(call);
    this.#bringing.set(call.script, reply);
    try {
      return await reply;
    } finally {
      this.#bringing.delete(call.script);
    }
  }

  #byDigest({ script, keys, args }: ScriptCall): Promise<unknown> {
    return this.#client.evalshaBuffer(scriptOf(script).sha, keys.length, ...keys, ...args);
  }

  #byText({ script, keys, args }: ScriptCall): Promise<unknown> {
    return this.#client.evalBuffer(scriptOf(script).text, keys.length, ...keys, ...args);
  }
}

/** Also a script that ended in an error of its own is known to the server from then on. */
function settled(promise: Promise<unknown>): Promise<void> {
  return promise.then(
    () => undefined,
    () => undefined,
  );
}

function isUnknownScript(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT');
}
