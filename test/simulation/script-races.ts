import { BucketKeys, nameOf } from '../../lib/redis/keys.js';
import { parseState, parseTag, parseVersions } from '../../lib/redis/records.js';
import type { ScriptCall } from '../../lib/redis/scripts.js';
import { seededRandom } from '../support/seeded-random.js';
import { type Keyspace, ModelledRedis } from './modelled-redis.js';
import type { Rule } from './modelled-records.js';

const KEYS = ['one', 'two'];
const TAGS = ['red', 'blue'];
const LEASE_MS = '2000';

/** What is known of an entry by those who wrote it. */
interface Origin {
  readonly key: string;
  readonly tags: readonly string[];
  /** When its load began. */
  readonly began: number;
}
interface Invalidation {
  readonly at: number;
  readonly covers: (origin: Origin) => boolean;
}
interface Sent {
  readonly call: ScriptCall;
  /** Told of the first delivery alone. */
  readonly onReply: (reply: unknown) => void;
  readonly onRun: (reply: unknown) => void;
  readonly once?: boolean;
  replied: boolean;
}

/**
 * Processes that load and invalidate through one Redis. What they send arrives at any time, in any order and more than once;
 * leases end, keys are evicted, and the server starts again with what it had long ago. Somebody keeps copies of all entries.
 */
export class ScriptRaces {
  readonly #random: () => number;
  readonly #redis: ModelledRedis;
  readonly #keys = new BucketKeys({ prefix: 'p', cache: 'c', bucket: 0, audience: '0' });
  readonly #underWay: Sent[] = [];
  readonly #origins = new Map<string, Origin>();
  readonly #invalidations: Invalidation[] = [];
  /** By stamp. */
  readonly #copies = new Map<string, Buffer>();
  #micros = 1_763_000_000_000_000;
  #step = 0;
  #drawn = 0;
  #dump: Keyspace = new Map();

  constructor(seed: number, without: readonly Rule[] = []) {
    this.#random = seededRandom(seed);
    this.#redis = new ModelledRedis({ time: () => this.#micros, runId: this.#unique(40), without });
    this.#fence();
  }

  /** How many entries were found valid; throws when one is that must not be. */
  run(steps: number): number {
    let found = 0;
    while (this.#step < steps) {
      this.#step++;
      this.#micros += 1 + this.#below(30_000);
      this.#act();
      for (const key of KEYS) found += this.#check(key) ? 1 : 0;
      for (const [stamp, copy] of this.#copies) found += this.#checkCopy(stamp, copy) ? 1 : 0;
    }
    return found;
  }

  #act(): void {
    const kind = this.#random();
    if (kind < 0.16) this.#load();
    else if (kind < 0.7) this.#deliver();
    else if (kind < 0.76) this.#invalidateKey(this.#one(KEYS));
    else if (kind < 0.84) this.#invalidateTag(this.#one(TAGS));
    else if (kind < 0.9) this.#clear();
    else if (kind < 0.93) this.#redis.delete(this.#one(this.#redis.keys));
    else if (kind < 0.96) this.#redis.delete(this.#keys.tag(nameOf(this.#one(TAGS))));
    else if (kind < 0.975) this.#micros += 2_500_000;
    else if (kind < 0.99) this.#dump = this.#redis.snapshot();
    else this.#restart();
    if (this.#random() < 0.1) this.#fence();
  }

  #load(): void {
    const [key, tags, lateTags] = [this.#one(KEYS), [] as string[], [] as string[]];
    for (const tag of TAGS) this.#one([tags, lateTags, []]).push(tag);
    const [token, id] = [this.#unique(24), this.#unique(12)];
    const [entry] = this.#redis.mgetNow([this.#keys.entry(nameOf(key))]);
    const keys = [...this.#entryKeys(key), ...this.#tagKeys(tags)];
    let began = 0;
    this.#send({
      call: {
        script: 'acquire',
        keys,
        args: [token, LEASE_MS, entry?.subarray(4, 16) ?? '', this.#unique(15), '600000'],
      },
      onRun: () => {
        began ||= this.#step;
      },
      onReply: (reply) => {
        const [kind, state, ...records] = reply as Buffer[];
        if (String(kind) !== 'WON') return;
        const { epoch = '', sid = '', n = 0 } = parseState(state ?? null) ?? {};
        this.#origins.set(id, { key, tags: [...tags, ...lateTags], began });
        const versions = records.map((record) => parseTag(record)?.version ?? '');
        const args = [
          token,
          `head${id}`,
          id,
          '500000',
          '600000',
          sid,
          String(n),
          this.#unique(15),
          'wake',
          'k:',
          epoch,
        ];
        this.#send({
          call: {
            script: 'store',
            keys: [...keys, ...this.#tagKeys(lateTags), this.#keys.latest(nameOf(key))],
            args: [...args, ...versions, 'v'],
          },
          onRun: () => {},
          onReply: () => {},
        });
      },
    });
  }

  #invalidateKey(key: string): void {
    this.#invalidate((origin) => origin.key === key, {
      script: 'invalidate-key',
      keys: [...this.#entryKeys(key), this.#keys.latest(nameOf(key))],
      args: [this.#unique(15), 'inv', 'k:'],
    });
  }

  #invalidateTag(tag: string): void {
    this.#invalidate((origin) => origin.tags.includes(tag), {
      script: 'invalidate-tags',
      keys: [this.#keys.state, ...this.#tagKeys([tag])],
      args: [this.#unique(15), '600000', 'inv', 'k:'],
    });
  }

  #clear(): void {
    this.#invalidate(() => true, { script: 'clear', keys: [this.#keys.state], args: [this.#unique(15)] });
  }

  #invalidate(covers: Invalidation['covers'], call: ScriptCall): void {
    const onRun = (): void => void this.#invalidations.push({ at: this.#step, covers });
    this.#send({ call, onRun, onReply: () => {} });
  }

  /** What was under way is lost with the connections; each new one begins with the fence. */
  #restart(): void {
    this.#underWay.length = 0;
    this.#redis.restart(this.#unique(40), this.#dump);
    this.#fence();
  }

  #fence(): void {
    const keys = [this.#keys.server, this.#keys.state];
    this.#redis.runNow({ script: 'fence', keys, args: [this.#unique(15), 'inv'] });
  }

  #send(sent: Omit<Sent, 'replied'>): void {
    this.#underWay.push({ ...sent, replied: false });
  }

  #deliver(): void {
    const sent = this.#underWay[this.#below(this.#underWay.length)];
    if (sent === undefined) return;
    if (sent.once === true || this.#random() < 0.8) this.#underWay.splice(this.#underWay.indexOf(sent), 1);
    const reply = this.#redis.runNow(sent.call);
    sent.onRun(reply);
    if (!sent.replied) sent.onReply(reply);
    sent.replied = true;
  }

  #check(key: string): boolean {
    const [entry] = this.#redis.mgetNow([this.#keys.entry(nameOf(key))]);
    if (entry === undefined || entry === null) return false;
    const stamp = entry.toString('latin1', 4, 16);
    this.#copies.set(stamp, entry);
    return this.#isValid(entry, this.#origins.get(stamp));
  }

  #checkCopy(stamp: string, copy: Buffer): boolean {
    const origin = this.#origins.get(stamp);
    const [latest] = this.#redis.mgetNow([this.#keys.latest(nameOf(origin?.key ?? ''))]);
    return latest?.toString('latin1') === stamp && this.#isValid(copy, origin);
  }

  #isValid(entry: Buffer, origin: Origin | undefined): boolean {
    const [state] = this.#redis.mgetNow([this.#keys.state]);
    const epoch = parseState(state ?? null)?.epoch;
    if (epoch === undefined) return false;
    if (origin === undefined) throw new Error('an entry that nobody wrote');
    const records = this.#redis.mgetNow(this.#orderedTagKeys(origin, entry));
    const now = [epoch, ...records.map((record) => parseTag(record)?.version)];
    const then = parseVersions(entry.subarray(16, -12));
    if (then.some((version, index) => version !== now[index])) return false;
    const later = this.#invalidations.find(({ at, covers }) => at > origin.began && covers(origin));
    if (later === undefined) return true;
    throw new Error(`step ${this.#step}: an entry of step ${origin.began} outlived its invalidation at ${later.at}`);
  }

  #orderedTagKeys({ key, tags }: Origin, entry: Buffer): readonly string[] {
    if (entry.length !== 16 + 32 * (1 + tags.length) + 12) throw new Error(`an entry of ${key} without its versions`);
    return this.#tagKeys(tags);
  }

  #entryKeys(key: string): readonly string[] {
    return [this.#keys.entry(nameOf(key)), this.#keys.lease(nameOf(key)), this.#keys.state];
  }

  #tagKeys(tags: readonly string[]): readonly string[] {
    return tags.map((tag) => this.#keys.tag(nameOf(tag)));
  }

  #unique(length: number): string {
    return String(this.#drawn++).padStart(length, '0');
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  #one<T>(list: readonly T[]): T {
    return list[this.#below(list.length)] as T;
  }
}
