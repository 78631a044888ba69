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
 * Runs scripts on one connection: the first time by their text, then by their digest, so that nothing that is sent later overtakes
 * them. A server that was made to forget a script is sent the text again.
 */
export class ScriptRunner implements ScriptPort {
  readonly #client: ScriptClient;
  /** How often the text of each was sent. */
  readonly #brought = new Map<ScriptName, number>();

  constructor(client: ScriptClient) {
    this.#client = client;
  }

  run(call: ScriptCall): Promise<unknown> {
    const brought = this.#brought.get(call.script);
    if (brought === undefined) return this.#byText(call);
    return this.#byDigest(call).catch((error: unknown) => {
      if (!isUnknownScript(error)) throw error;
      const isBrought = this.#brought.get(call.script) !== brought;
      return isBrought ? this.#byDigest(call) : this.#byText(call);
    });
  }

  mget(keys: readonly string[]): Promise<readonly (Buffer | null)[]> {
    return this.#client.mgetBuffer(...keys);
  }

  #byDigest({ script, keys, args }: ScriptCall): Promise<unknown> {
    return this.#client.evalshaBuffer(scriptOf(script).sha, keys.length, ...keys, ...args);
  }

  #byText({ script, keys, args }: ScriptCall): Promise<unknown> {
    this.#brought.set(script, (this.#brought.get(script) ?? 0) + 1);
    return this.#client.evalBuffer(scriptOf(script).text, keys.length, ...keys, ...args);
  }
}

function isUnknownScript(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT');
}
