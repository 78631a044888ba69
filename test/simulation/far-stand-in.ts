import { InvalidationPendingError } from '../../lib/core/errors.js';
import type { CallOptions, LoadContext } from '../../lib/index.js';
import { BucketKeys, bucketOf } from '../../lib/redis/keys.js';
import type { RedisLink } from '../../lib/redis/link.js';
import type { Seen } from '../../lib/redis/merged-reads.js';
import { SharedScripts } from '../../lib/redis/shared-scripts.js';
import type { CacheOptions, CacheParts, MakeCache } from './cache-under-test.js';
import { type Load, NoCache } from './stand-ins.js';

const COMMAND_TIMEOUT = 250;
const LEASE_MS = 2_000;
const TAG_TTL_MS = 120_000;
const STAMP_AT = 4;
const VERSIONS_AT = 16;
const VERSION_LENGTH = 32;

interface Owed {
  readonly covers: (key: string, tags: readonly string[]) => boolean;
}

interface Bucket {
  readonly link: RedisLink;
  readonly scripts: SharedScripts;
  /** The connection that passed the fence. */
  fenced: number | undefined;
  usableUntil: number;
  /** Heartbeats that were not answered, since the last one that was. */
  failures: number;
  /** The server's clock less ours, in microseconds. */
  ahead: number;
}

/** Keeps values in Redis alone: by the scripts' own rules, without memory, and without joining loads. */
class FarCache extends NoCache {
  readonly #parts: CacheParts;
  readonly #bound: number;
  readonly #buckets: readonly Bucket[];
  readonly #owed = new Set<Owed>();
  #made = 0;
  #isClosed = false;

  constructor(options: CacheOptions, parts: CacheParts) {
    super(options, parts);
    this.#parts = parts;
    this.#bound = Number(options.staleBound);
    this.#buckets = parts.links.map((link, bucket) => {
      const keys = new BucketKeys({ prefix: options.prefix ?? '', cache: parts.name, bucket, audience: '0' });
      const scripts = new SharedScripts(link, keys, () => this.#unique(15));
      return { link, scripts, fenced: undefined, usableUntil: Number.NEGATIVE_INFINITY, ahead: 0, failures: 0 };
    });
    const nothing = (): void => undefined;
    for (const bucket of this.#buckets) {
      void bucket.link.open([], {
        connected: () => this.#fence(bucket),
        ...{ disconnected: nothing, subscribed: nothing, unsubscribed: nothing, message: nothing, failed: nothing },
      });
      this.#beat(bucket);
    }
  }

  override async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(this.#buckets.map(({ link }) => link.close()));
  }

  override async get<T>(key: string): Promise<T | undefined> {
    const bucket = this.#bucket(key);
    return this.#isUsable(bucket, key) ? ((await this.#read(bucket, key, []))?.value as T) : undefined;
  }

  override async getOrSet<T>(key: string, load: Load<T>, options: CallOptions = {}): Promise<T> {
    const bucket = this.#bucket(key);
    const tags = options.tags ?? [];
    const plainly = (): Promise<T> => super.getOrSet(key, load, options);
    if (!this.#isUsable(bucket, key)) return plainly();
    const [seen, token] = [options.force === true ? undefined : await this.#read(bucket, key, tags), this.#unique(24)];
    if (seen?.value !== undefined) return seen.value as T;
    const acquire = { key, tags, token, seen: seen?.stamp ?? '', leaseMs: LEASE_MS, tagTtlMs: TAG_TTL_MS };
    const acquired = this.#isUsable(bucket, key)
      ? await this.#limited(bucket, () => bucket.scripts.acquire(acquire))
      : undefined;
    if (acquired?.kind !== 'won') return plainly();
    const late: string[] = [];
    const value = await super.getOrSet(
      key,
      (context: LoadContext<T>) => {
        return load({ ...context, adapt: (more) => void late.push(...(more.tags ?? [])) });
      },
      options,
    );
    if (this.#isUsable(bucket, key) && value !== null) {
      const lateTags = late.filter((tag) => !tags.includes(tag));
      const parts = { ...this.#record(value, [...tags, ...lateTags]), ttlMs: ttlOf(options), tagTtlMs: TAG_TTL_MS };
      void this.#limited(bucket, () => bucket.scripts.store({ key, token, tags, lateTags, acquired, ...parts }));
    }
    return value;
  }

  override set(key: string): Promise<void> {
    const bucket = this.#bucket(key);
    const owed = { covers: (other: string) => other === key };
    return this.#tell(owed, () => this.#written([bucket], () => bucket.scripts.invalidateKey(key)));
  }

  override async delete(...keys: string[]): Promise<void> {
    const tell = (): Promise<unknown> => {
      const each = keys.map((key) => {
        const bucket = this.#bucket(key);
        return this.#written([bucket], () => bucket.scripts.invalidateKey(key));
      });
      return Promise.all(each).then((told) => (told.includes(undefined) ? undefined : told));
    };
    await this.#tell({ covers: (other) => keys.includes(other) }, tell);
  }

  override async invalidateTags(...tags: string[]): Promise<void> {
    const tell = (): Promise<unknown> =>
      this.#written(this.#buckets, ({ scripts }) => scripts.invalidateTags(tags, TAG_TTL_MS));
    await this.#tell({ covers: () => true }, tell);
  }

  override async clear(): Promise<void> {
    await this.#tell({ covers: () => true }, () => this.#written(this.#buckets, ({ scripts }) => scripts.clear()));
  }

  #bucket(key: string): Bucket {
    return this.#buckets[bucketOf(key, this.#buckets.length)] as Bucket;
  }

  /** Undefined if one of them has not answered. */
  async #written(buckets: readonly Bucket[], write: (bucket: Bucket) => Promise<unknown>): Promise<unknown> {
    const told = await Promise.all(buckets.map((bucket) => this.#limited(bucket, () => write(bucket), 'written')));
    return told.includes(undefined) ? undefined : told;
  }

  #isUsable({ link, fenced, usableUntil }: Bucket, key: string): boolean {
    if ([...this.#owed].some(({ covers }) => covers(key, []))) return false;
    return fenced !== undefined && fenced === link.connection && this.#parts.clock.now() < usableUntil;
  }

  async #read(
    bucket: Bucket,
    key: string,
    declared: readonly string[],
  ): Promise<{ value?: unknown; stamp: string } | undefined> {
    const seen = await this.#limited(bucket, () => bucket.scripts.read(key, declared));
    if (seen?.entry === undefined) return undefined;
    const stamp = seen.entry.toString('latin1', STAMP_AT, VERSIONS_AT);
    const count = Number(seen.entry.toString('latin1', 0, STAMP_AT));
    const tail = seen.entry.toString('utf8', VERSIONS_AT + VERSION_LENGTH * (1 + count));
    const { tags, value } = JSON.parse(tail) as { tags: string[]; value: unknown };
    const again = await this.#limited(bucket, () => bucket.scripts.read(key, tags));
    if (again === undefined || !isValid(again, stamp) || !this.#isUsable(bucket, key)) return { stamp };
    return { stamp, value };
  }

  #record(value: unknown, tags: readonly string[]): { head: Buffer; tail: Buffer } {
    const head = Buffer.from(String(tags.length).padStart(STAMP_AT) + this.#unique(12));
    return { head, tail: Buffer.from(JSON.stringify({ tags, value })) };
  }

  async #tell(owed: Owed, first: () => Promise<unknown>, then = first): Promise<void> {
    this.#owed.add(owed);
    const givenUp = this.#parts.clock.now() + 2 * COMMAND_TIMEOUT;
    if ((await first()) !== undefined) return void this.#owed.delete(owed);
    const retry = (): void => {
      const isLateEnough = this.#parts.clock.now() >= givenUp;
      void then().then((told) => {
        if (told !== undefined && isLateEnough) this.#owed.delete(owed);
        else if (!this.#isClosed) this.#parts.clock.after(60, retry);
      });
    };
    retry();
    throw new InvalidationPendingError(new Error('not told'));
  }

  #fence(bucket: Bucket): void {
    const { clock } = this.#parts;
    const { link } = bucket;
    const { connection } = link;
    bucket.fenced = undefined;
    void this.#limited(bucket, () => bucket.scripts.fence(), 'unfenced').then((told) => {
      if (connection !== link.connection || this.#isClosed) return;
      if (told !== undefined) bucket.fenced = connection;
      else clock.after(30, () => this.#fence(bucket));
    });
  }

  #beat(bucket: Bucket): void {
    if (this.#isClosed) return;
    const sentAt = this.#parts.clock.now();
    void this.#limited(bucket, () => bucket.scripts.heartbeat(), 'unfenced').then((told) => {
      bucket.failures = told === undefined ? bucket.failures + 1 : 0;
      if (bucket.failures % 3 === 2) bucket.link.reconnect();
      if (told === undefined) return;
      bucket.ahead = told.micros - this.#parts.clock.now() * 1_000;
      if (told.state === undefined) this.#fence(bucket);
      else bucket.usableUntil = sentAt + this.#bound;
    });
    this.#parts.clock.after(this.#bound / 3, () => this.#beat(bucket));
  }

  /** Undefined where there is no answer that counts. */
  #limited<T>(
    { link, fenced }: Bucket,
    ask: () => Promise<T>,
    kind: 'read' | 'written' | 'unfenced' = 'read',
  ): Promise<T | undefined> {
    const { clock } = this.#parts;
    const { connection } = link;
    const isFenced = fenced !== undefined && fenced === connection;
    if (connection === undefined || (kind === 'written' && !isFenced)) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const stop = clock.after(COMMAND_TIMEOUT, () => resolve(undefined));
      ask().then(
        (reply) => {
          stop();
          resolve(link.connection === connection ? reply : undefined);
        },
        () => {
          stop();
          resolve(undefined);
        },
      );
    });
  }

  #unique(length: number): string {
    const made = Math.floor(this.#parts.random() * 2 ** 30).toString(36) + (this.#made++).toString(36);
    return made.padStart(length, '0').slice(-length);
  }
}

function ttlOf({ ttl }: CallOptions): number {
  return Math.min(5_000, Number.parseFloat(String(ttl)));
}

function isValid({ entry, state, tags }: Seen, stamp: string): boolean {
  if (entry === undefined || entry.toString('latin1', STAMP_AT, VERSIONS_AT) !== stamp) return false;
  return [state?.epoch, ...tags.map((tag) => tag?.version)].every((version, index) => {
    const from = VERSIONS_AT + VERSION_LENGTH * index;
    return entry.toString('latin1', from, from + VERSION_LENGTH) === version;
  });
}

export const farCache: MakeCache = (options, parts) => new FarCache(options, parts);
