import { createHash } from 'node:crypto';

/** Longer names are replaced by their digest. */
const LONGEST_READABLE = 200;
/** Printable ASCII, without what is a hash tag, a pattern or an escape to Redis: `{ } * ? [ ] \`. */
const PLAIN = /^[!-)+->@-Z^-z|~]*$/;

/** What keys of Redis are named after. Both names are made of `A–Z a–z 0–9 . _ -`, as the options demand. */
export interface Place {
  readonly prefix: string;
  readonly cache: string;
  /** 0 on a single Redis. */
  readonly bucket: number;
  /** Who hears what is published: the number of the database, which publishing does not know, or `shard`. */
  readonly audience: string;
}

/** The keys and channels of one bucket. All share a hash tag, so that a script never leaves its slot. */
export class BucketKeys {
  readonly #root: string;
  readonly state: string;
  /** Which server was last written to: its run id, and the id of its replication history. */
  readonly server: string;
  /** Never there: deleting it shows that the server accepts writes. */
  readonly absent: string;
  readonly invalidations: string;
  readonly wakes: string;

  constructor({ prefix, cache, bucket, audience }: Place) {
    this.#root = `lc1:{${prefix}:${cache}:${bucket}}:`;
    this.state = `${this.#root}s`;
    this.server = `${this.#root}r`;
    this.absent = `${this.#root}0`;
    this.invalidations = `${this.#root}inv@${audience}`;
    this.wakes = `${this.#root}wake@${audience}`;
  }

  /** Takes what `nameOf` gives; so do the others. */
  entry(name: string): string {
    return `${this.#root}e:${name}`;
  }

  lease(name: string): string {
    return `${this.#root}l:${name}`;
  }

  tag(name: string): string {
    return `${this.#root}t:${name}`;
  }

  /** Which record was stored last, where copies of records are kept elsewhere. */
  latest(name: string): string {
    return `${this.#root}v:${name}`;
  }
}

/** Whether a key or tag stands for itself in Redis and in messages. */
export function isPlain(text: string): boolean {
  return text.length <= LONGEST_READABLE && PLAIN.test(text);
}

/**
 * The name of a key or tag in Redis and in messages: itself where it is short and plain, else its digest. The letter before
 * it tells the kinds apart, so that nothing a user passes can be taken for the digest of something else.
 */
export function nameOf(text: string): string {
  if (isPlain(text)) return `k:${text}`;
  // UTF-8 would make one of all lone surrogates, so such text is hashed as it is in memory.
  const wellFormed = text.isWellFormed();
  const digest = createHash('sha256')
    .update(text, wellFormed ? 'utf8' : 'utf16le')
    .digest('base64url');
  return `${wellFormed ? 'h' : 'u'}:${digest}`;
}

/** The bucket of a key, the same in every process and release: FNV-1a over UTF-16, mixed. */
export function bucketOf(key: string, buckets: number): number {
  if (buckets === 1) return 0;
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index++) hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) % buckets;
}
