import { type BucketKeys, nameOf } from './keys.js';
import { parseState, parseTag, type State, type TagRecord } from './records.js';
import type { ScriptPort } from './scripts.js';

/** What one `MGET` says of a key. */
export interface Seen {
  readonly entry: Buffer | undefined;
  readonly state: State | undefined;
  /** In the order in which the tags were given. */
  readonly tags: readonly (TagRecord | undefined)[];
}

/** Many keys at once keep a server from others; what is beyond these goes into a command of its own. */
const MOST_KEYS = 500;

/** Makes one command of all that is read of a bucket at the same time: a command costs more than what it brings. */
export class MergedReads {
  readonly #port: Pick<ScriptPort, 'mget'>;
  readonly #keys: BucketKeys;
  #batch: Batch | undefined;

  constructor(port: Pick<ScriptPort, 'mget'>, keys: BucketKeys) {
    this.#port = port;
    this.#keys = keys;
  }

  /** What lies under a key, and what it is judged by; without a key the latter alone. */
  read(key: string | undefined, tags: readonly string[]): Promise<Seen> {
    return new Promise((resolve, reject) => {
      const batch = this.#batch ?? this.#begin();
      const place = key === undefined ? NOWHERE : batch.keys.push(this.#keys.entry(nameOf(key))) - 1;
      batch.readers.push({ place, group: batch.groupOf(tags), resolve, reject });
      if (batch.keys.length >= MOST_KEYS) this.#end(batch);
    });
  }

  #begin(): Batch {
    const batch = new Batch(this.#keys);
    this.#batch = batch;
    // After those that were answered together with this reader, and read again as he does.
    void Promise.resolve()
      .then(() => undefined)
      .then(() => this.#end(batch));
    return batch;
  }

  #end(batch: Batch): void {
    if (this.#batch === batch) this.#batch = undefined;
    if (batch.isSent) return;
    batch.isSent = true;
    // A reply that is none fails as well: nobody may wait for ever.
    this.#port
      .mget(batch.keys)
      .then((held) => batch.answer(held))
      .catch((error: unknown) => batch.fail(error as Error));
  }
}

const NOWHERE = -1;

interface Reader {
  /** Where his key stands in the command. */
  readonly place: number;
  readonly group: Group;
  readonly resolve: (seen: Seen) => void;
  readonly reject: (error: Error) => void;
}

/** Those whose entries are judged by the same records: a method's readers, mostly, who bring one and the same list of tags. */
interface Group {
  readonly tags: readonly string[];
  readonly places: readonly number[];
}

/** One command in the making. */
class Batch {
  readonly keys: string[];
  readonly readers: Reader[] = [];
  isSent = false;
  readonly #bucket: BucketKeys;
  readonly #groups: Group[] = [];
  /** Tags that several groups have in common are asked for once. */
  readonly #placeOf = new Map<string, number>();

  constructor(bucket: BucketKeys) {
    this.#bucket = bucket;
    this.keys = [bucket.state];
  }

  groupOf(tags: readonly string[]): Group {
    for (const group of this.#groups) if (group.tags === tags) return group;
    const group = { tags, places: tags.map((tag) => this.#place(tag)) };
    this.#groups.push(group);
    return group;
  }

  answer(held: readonly (Buffer | null)[]): void {
    const state = parseState(held[0] ?? null);
    const recordsOf = new Map<Group, Seen['tags']>();
    for (const { place, group, resolve } of this.readers) {
      let tags = recordsOf.get(group);
      if (tags === undefined) {
        tags = group.places.map((at) => parseTag(held[at] ?? null));
        recordsOf.set(group, tags);
      }
      resolve({ entry: held[place] ?? undefined, state, tags });
    }
  }

  fail(error: Error): void {
    for (const { reject } of this.readers) reject(error);
  }

  #place(tag: string): number {
    const known = this.#placeOf.get(tag);
    if (known !== undefined) return known;
    const place = this.keys.push(this.#bucket.tag(nameOf(tag))) - 1;
    this.#placeOf.set(tag, place);
    return place;
  }
}
