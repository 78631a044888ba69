import { BucketKeys, nameOf } from '../../lib/redis/keys.js';
import type { ScriptCall, ScriptPort } from '../../lib/redis/scripts.js';
import { type Acquired, SharedScripts } from '../../lib/redis/shared-scripts.js';
import { seededRandom } from '../support/seeded-random.js';
import type { World } from './world.js';

const KEYS = ['users(1)', 'users(2)', 'not {plain}*'];
const TAGS = ['users', 'user:1', 'all of them', '\ud800'];
const TOKENS = ['A', 'B', 'C'].map((letter) => letter.repeat(24));
const REASONS = ['refused', 'nothing', 'failed'] as const;
/** Far from each other, so that a second more or less does not matter. */
const TTLS = { lease: [150_000, 250_000], entry: [350_000, 450_000], tag: [550_000, 650_000] };
const FOREIGN_VERSION = `${'9'.repeat(16)}-${'f'.repeat(15)}`;
/** The second and the third are none: one character or digit is wrong. */
const FOREIGN_STATES = [
  `${FOREIGN_VERSION}|${FOREIGN_VERSION}|${'1'.repeat(15)}`,
  `${FOREIGN_VERSION}|${FOREIGN_VERSION}|${'1'.repeat(16)}`,
  `${FOREIGN_VERSION.slice(1)}|${FOREIGN_VERSION}|7`,
];
const VERSION = /\d{16}-[\w-]{15}/g;

interface Load {
  readonly key: string;
  readonly token: string;
  readonly tags: readonly string[];
  readonly acquired: Extract<Acquired, { kind: 'won' }>;
}

/**
 * A history of random commands that is the same for the same seed and the same replies: two worlds that answer alike write
 * the same account of it. Versions, which hold a world's own time, are named in it by the order in which they appear.
 */
export class RandomCommands {
  readonly #world: World;
  readonly #random: () => number;
  readonly #scripts: SharedScripts;
  readonly #keys = new BucketKeys({ prefix: 'app', cache: 'default', bucket: 0, audience: '0' });
  readonly #account: string[] = [];
  readonly #calls: ScriptCall[] = [];
  readonly #loads: Load[] = [];
  readonly #stamps = new Map<string, string>();
  #drawn = 0;

  constructor(world: World, seed: number) {
    this.#world = world;
    this.#random = seededRandom(seed);
    this.#scripts = new SharedScripts(this.#recorded(world.port), this.#keys, () => this.#unique(15));
  }

  /** The account: commands, replies, and in the end all keys and messages. */
  async run(): Promise<string> {
    if (this.#chance(0.9)) await this.#scripts.fence();
    const length = 3 + this.#below(40);
    for (let step = 0; step < length; step++) await this.#step();
    for (const key of this.#allKeys()) {
      const [value = null] = await this.#world.port.mget([key]);
      this.#write(key, [value, await this.#world.pttl(key)]);
    }
    for (const message of await this.#world.published()) this.#write('message', message);
    const names = new Map<string, string>();
    return this.#account.join('\n').replaceAll(VERSION, (version) => {
      if (!names.has(version)) names.set(version, `version ${names.size}`);
      return names.get(version) as string;
    });
  }

  async #step(): Promise<void> {
    const isFull = this.#chance(0.06);
    if (isFull) await this.#world.fill('full');
    await this.#command().catch((error: Error) => this.#write('error', error.message.slice(0, 3)));
    if (isFull) await this.#world.fill('free');
    if (this.#chance(0.15)) await this.#disturb();
  }

  async #command(): Promise<unknown> {
    const scripts = this.#scripts;
    const [key, tags] = [this.#one(KEYS), this.#some(TAGS)];
    const tagTtlMs = this.#one(TTLS.tag);
    const kind = this.#random();
    if (kind < 0.27) return this.#acquire(key, tags);
    if (kind < 0.52) return this.#store();
    if (kind < 0.6) return this.#holdOrRelease();
    if (kind < 0.66) return scripts.invalidateKey(key);
    if (kind < 0.74) return scripts.invalidateTags([this.#one(TAGS), ...tags], tagTtlMs);
    if (kind < 0.76) return scripts.clear();
    if (kind < 0.77) return scripts.announce({ kind: 'tag', names: this.#some(TAGS).map(nameOf) });
    if (kind < 0.86) return scripts.fence();
    if (kind < 0.89) return scripts.heartbeat();
    if (kind < 0.93 && this.#calls.length > 0) return this.#recorded(this.#world.port).run(this.#one(this.#calls));
    return this.#read(key, tags);
  }

  async #read(key: string, tags: readonly string[]): Promise<void> {
    const { entry } = await this.#scripts.read(key, tags);
    const standing = await this.#scripts.standing(key, tags);
    this.#write('read', [entry ?? null, JSON.stringify(standing)]);
    if (entry !== undefined) this.#stamps.set(key, entry.toString('latin1', 4, 16));
  }

  async #acquire(key: string, tags: readonly string[]): Promise<void> {
    const token = this.#one(TOKENS);
    const seen = this.#chance(0.7) ? (this.#stamps.get(key) ?? '') : '';
    const acquired = await this.#scripts.acquire({
      ...{ key, tags, token, seen },
      ...{ leaseMs: this.#one(TTLS.lease), tagTtlMs: this.#one(TTLS.tag) },
    });
    if (acquired.kind === 'won') this.#loads.push({ key, token, tags, acquired });
    if (acquired.kind === 'entry') this.#stamps.set(key, acquired.entry.toString('latin1', 4, 16));
  }

  async #store(): Promise<void> {
    const load = this.#chance(0.7) ? this.#loads.at(-1) : this.#one(this.#loads);
    if (load === undefined) return;
    // Some stores are delivered for a load that is over.
    if (this.#chance(0.7)) this.#loads.splice(this.#loads.indexOf(load), 1);
    const token = this.#chance(0.05) ? this.#one(TOKENS) : load.token;
    const lateTags = this.#some(TAGS).filter((tag) => !load.tags.includes(tag));
    const copies = this.#one(['kept', 'not kept'] as const);
    await this.#scripts.store({ ...load, token, lateTags, copies, ...this.#parts() });
  }

  #holdOrRelease(): Promise<unknown> {
    const load = this.#chance(0.7) ? this.#loads.at(-1) : this.#one(this.#loads);
    const { key, token } = load ?? { key: this.#one(KEYS), token: this.#one(TOKENS) };
    if (this.#chance(0.5)) return this.#scripts.renew(key, token, this.#one(TTLS.lease));
    return this.#scripts.release(key, token, this.#one(REASONS));
  }

  #parts(): { head: Buffer; tail: Buffer; ttlMs: number; tagTtlMs: number } {
    const head = Buffer.concat([Buffer.from([0, 255, 13, 10]), Buffer.from(this.#unique(12)), Buffer.from('|')]);
    return { head, tail: Buffer.from('value'), ttlMs: this.#one(TTLS.entry), tagTtlMs: this.#one(TTLS.tag) };
  }

  /** What befalls a Redis: eviction and the end of a life look alike, and so do a restart and a run id that is another's. */
  async #disturb(): Promise<void> {
    const [kind, key] = [this.#random(), this.#one(this.#allKeys())];
    const tag = this.#keys.tag(nameOf(this.#one(TAGS)));
    this.#write('disturb', [Buffer.from(key)]);
    if (kind < 0.54) return this.#world.delete(key);
    if (kind < 0.6) return this.#world.put(key, undefined);
    if (kind < 0.66) return this.#world.put(key, this.#one(['', 'junk', '1'.repeat(40), `${FOREIGN_VERSION}|`]));
    if (kind < 0.8) return this.#world.put(tag, `${FOREIGN_VERSION}|${this.#one([0, 3, 900, 900])}`);
    if (kind < 0.82) return this.#world.put(this.#keys.state, this.#one(FOREIGN_STATES));
    if (kind < 0.84) return this.#world.put(this.#keys.lease(nameOf(this.#one(KEYS))), this.#endlessLease());
    if (kind < 0.94) return this.#world.put(this.#keys.server, 'b'.repeat(40));
    return this.#world.flush();
  }

  /** Of the present stream, if there is one. */
  #endlessLease(): string {
    const { sid } = this.#loads.at(-1)?.acquired.state ?? { sid: FOREIGN_VERSION };
    return `${'Z'.repeat(24)}0${sid}|4`;
  }

  #allKeys(): readonly string[] {
    const { state, server, absent } = this.#keys;
    const names = KEYS.map(nameOf);
    return [
      ...[state, server, absent],
      ...names.flatMap((name) => [this.#keys.entry(name), this.#keys.lease(name), this.#keys.latest(name)]),
      ...TAGS.map((tag) => this.#keys.tag(nameOf(tag))),
    ];
  }

  #recorded(port: ScriptPort): ScriptPort {
    return {
      mget: (keys) => port.mget(keys),
      run: async (call) => {
        this.#calls.push(call);
        const reply = await port.run(call);
        this.#write(call.script, reply);
        return reply;
      },
    };
  }

  #write(what: string, value: unknown): void {
    this.#account.push(`${what}: ${JSON.stringify(shown(value))}`);
  }

  #unique(length: number): string {
    return String(this.#drawn++).padStart(length, 'x');
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  #chance(share: number): boolean {
    return this.#random() < share;
  }

  #one<T>(list: readonly T[]): T {
    return list[this.#below(list.length)] as T;
  }

  #some<T>(list: readonly T[]): readonly T[] {
    return list.filter(() => this.#chance(0.35));
  }
}

/** Milliseconds are told by the 100,000, and what only one world can say not at all. */
function shown(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shown);
  if (typeof value === 'number' && value > 1_000) return `${Math.ceil(value / 100_000)} times 100 s`;
  if (!Buffer.isBuffer(value)) return value;
  const text = value.toString('latin1');
  if (/^\d{16}$/.test(text)) return 'a time';
  return /^[0-9a-f]{40}:[0-9a-f]{40}$/.test(text) ? 'the server' : text;
}
