import { type BucketKeys, nameOf } from './keys.js';
import type { Told } from './late-listeners.js';
import { MergedReads, type Seen } from './merged-reads.js';
import { parseStamp, parseState, parseTag, parseVersions, type State, type TagRecord } from './records.js';
import { Reply, ReplyError } from './reply.js';
import type { ScriptArgument, ScriptName, ScriptPort } from './scripts.js';

export interface Acquire {
  readonly key: string;
  /** Those known before the load. */
  readonly tags: readonly string[];
  /** 24 characters, new for each call: whoever asks twice asks with two. */
  readonly token: string;
  readonly leaseMs: number;
  /** The stamp of the entry that the reader saw, as it stands there; empty where he saw none. */
  readonly seen: string | Buffer;
  /** How long a record of a tag lives at least; longer than any entry with it. */
  readonly tagTtlMs: number;
}

export type Acquired =
  | { readonly kind: 'no state' }
  | { readonly kind: 'entry'; readonly state: State; readonly entry: Buffer; readonly tags: Seen['tags'] }
  | { readonly kind: 'won'; readonly state: State; readonly tags: readonly TagRecord[] }
  | { readonly kind: 'busy'; readonly state: State; readonly leftMs: number };

/** An entry in two parts: between them stand the versions. */
export interface Parts {
  readonly head: Uint8Array;
  readonly tail: Uint8Array;
  readonly ttlMs: number;
  readonly tagTtlMs: number;
}

export interface Store extends Parts {
  readonly key: string;
  readonly token: string;
  readonly tags: readonly string[];
  /** Known only from the result; none of `tags`. */
  readonly lateTags: readonly string[];
  /** What the acquire answered. */
  readonly acquired: { readonly state: State; readonly tags: readonly TagRecord[] };
  /** Whether copies of what is stored are kept elsewhere: then it is noted which record is the latest. Default: they are not. */
  readonly copies?: CopyKeeping;
}

export type CopyKeeping = 'kept' | 'not kept';

/** What a copy of an entry is judged by. */
export interface Standing {
  readonly state: State | undefined;
  /** The stamp of the record that was stored last, if nothing has invalidated its key since. */
  readonly latest: string | undefined;
  /** In the order in which the tags were given. */
  readonly tags: Seen['tags'];
}

export type Stored =
  | { readonly kind: 'stored'; readonly state: State; readonly versions: readonly string[] }
  | { readonly kind: 'refused'; readonly reason: Refusal; readonly state: State | undefined };

/** The lease is lost · all was invalidated · a tag was · a tag known only from the result may have been. */
export type Refusal = 'LEASE' | 'EPOCH' | 'VERSION' | 'DYNAMIC';

/** Why a load is over that stores nothing: nothing to share, so that each loads for himself · it failed · it was invalidated. */
export type ReleaseReason = 'nothing' | 'failed' | 'refused';

/** The verbs of one bucket: each is one script, in one slot, in one round trip. */
export class SharedScripts {
  readonly #port: ScriptPort;
  readonly #keys: BucketKeys;
  readonly #nonce: (announcements: number) => string;
  readonly #reads: MergedReads;

  /**
   * `nonce` gives 15 characters of `A–Z a–z 0–9 _ -` that nobody had before, and is told how many invalidations will be
   * published with it.
   */
  constructor(port: ScriptPort, keys: BucketKeys, nonce: (announcements: number) => string) {
    this.#port = port;
    this.#keys = keys;
    this.#nonce = nonce;
    this.#reads = new MergedReads(port, keys);
  }

  read(key: string, tags: readonly string[]): Promise<Seen> {
    return this.#reads.read(key, tags);
  }

  /** The records of tags alone. */
  async tagRecords(tags: readonly string[]): Promise<Seen['tags']> {
    return (await this.#reads.read(undefined, tags)).tags;
  }

  /** What a copy of an entry is judged by, whatever else lies there. */
  async standing(key: string, tags: readonly string[]): Promise<Standing> {
    const asked = [this.#keys.state, this.#keys.latest(nameOf(key)), ...this.#tagKeys(tags)];
    const [state = null, latest = null, ...records] = await this.#port.mget(asked);
    return {
      state: parseState(state),
      latest: parseStamp(latest),
      tags: tags.map((_, at) => parseTag(records[at] ?? null)),
    };
  }

  async acquire({ key, tags, token, leaseMs, seen, tagTtlMs }: Acquire): Promise<Acquired> {
    const keys = [...this.#entryKeys(nameOf(key)), ...this.#tagKeys(tags)];
    const reply = await this.#run('acquire', keys, [token, text(leaseMs), seen, this.#nonce(0), text(tagTtlMs)]);
    const kind = reply.text(0);
    if (kind === 'NOSTATE') return { kind: 'no state' };
    const state = reply.state(1);
    if (kind === 'BUSY') return { kind: 'busy', state, leftMs: reply.number(2) };
    if (kind === 'ENTRY') return { kind: 'entry', state, entry: reply.bytes(2), tags: reply.from(3).map(parseTag) };
    return { kind: 'won', state, tags: reply.from(2).map(tagRecordOf) };
  }

  /** Whether the lease was still ours. */
  async renew(key: string, token: string, leaseMs: number): Promise<boolean> {
    const reply = await this.#run('renew', [this.#keys.lease(nameOf(key))], [token, text(leaseMs)]);
    return reply.number() === 1;
  }

  async store(store: Store): Promise<Stored> {
    const { token, head, tail, ttlMs, tagTtlMs, acquired } = store;
    const { epoch, sid, n } = acquired.state;
    const name = nameOf(store.key);
    const isCopied = store.copies === 'kept';
    const reply = await this.#run(
      'store',
      [
        ...[...this.#entryKeys(name), ...this.#tagKeys(store.tags), ...this.#tagKeys(store.lateTags)],
        ...(isCopied ? [this.#keys.latest(name)] : []),
      ],
      [
        ...[
          token,
          bytes(head),
          bytes(tail),
          text(ttlMs),
          text(tagTtlMs),
          sid,
          text(n),
          this.#nonce(0),
          this.#keys.wakes,
          name,
          epoch,
        ],
        ...acquired.tags.map(({ version }) => version),
        ...(isCopied ? ['v'] : []),
      ],
    );
    const kind = reply.text(0);
    if (kind === 'OK') return { kind: 'stored', state: reply.state(1), versions: parseVersions(reply.bytes(2)) };
    return { kind: 'refused', reason: refusalOf(kind), state: parseState(reply.bytesOrNull(1)) };
  }

  /** Whether the lease was still ours. */
  async release(key: string, token: string, reason: ReleaseReason): Promise<boolean> {
    const name = nameOf(key);
    const reply = await this.#run('release', [this.#keys.lease(name)], [token, reason, this.#keys.wakes, name]);
    return reply.number() === 1;
  }

  /** Also of copies, whoever keeps them: there may be processes that do, whatever this one does. */
  async invalidateKey(key: string): Promise<State> {
    const name = nameOf(key);
    const keys = [...this.#entryKeys(name), this.#keys.latest(name)];
    const args = [this.#nonce(1), this.#keys.invalidations, name];
    return (await this.#run('invalidate-key', keys, args)).state();
  }

  /** One to 1,000 of them, each an invalidation of its own; the state is the one after the last. */
  async invalidateTags(tags: readonly string[], tagTtlMs: number): Promise<State> {
    const args = [this.#nonce(tags.length), text(tagTtlMs), this.#keys.invalidations, ...tags.map(nameOf)];
    return (await this.#run('invalidate-tags', [this.#keys.state, ...this.#tagKeys(tags)], args)).state();
  }

  async clear(): Promise<State> {
    return (await this.#run('clear', [this.#keys.state], [this.#nonce(1), this.#keys.invalidations])).state();
  }

  /** Says once more what was invalidated, to those who did not listen then. */
  async announce({ kind, names }: Told): Promise<void> {
    const { state, invalidations } = this.#keys;
    await this.#run('announce', [state], [this.#nonce(names.length), invalidations, KINDS[kind], ...names]);
  }

  /** Sees to it that nothing counts that another server wrote; `made` if something may have been there. */
  async fence(): Promise<{ readonly made: boolean; readonly state: State; readonly server: string }> {
    const { server, state } = this.#keys;
    const reply = await this.#run('fence', [server, state], [this.#nonce(0)]);
    return { made: reply.number(0) === 1, state: reply.state(1), server: reply.text(2) };
  }

  /** Shows that the server accepts writes, and what its clock says. */
  async heartbeat(): Promise<{ readonly state: State | undefined; readonly micros: number }> {
    const reply = await this.#run('heartbeat', [this.#keys.absent, this.#keys.state], []);
    return { state: parseState(reply.bytesOrNull(0)), micros: Number(reply.text(1)) };
  }

  #run(script: ScriptName, keys: readonly string[], args: readonly ScriptArgument[]): Promise<Reply> {
    return this.#port.run({ script, keys, args }).then((raw) => new Reply(raw));
  }

  #entryKeys(name: string): readonly string[] {
    return [this.#keys.entry(name), this.#keys.lease(name), this.#keys.state];
  }

  #tagKeys(tags: readonly string[]): readonly string[] {
    return tags.map((tag) => this.#keys.tag(nameOf(tag)));
  }
}

/** As messages have it. */
const KINDS = { key: 'k', tag: 't', all: 'c' } as const;

/** Never in the form of an exponent, which Redis would not take. */
function text(number: number): string {
  return number.toFixed(0);
}

/** The same memory as a Buffer, which is the only kind of bytes that clients send as they are. */
function bytes(view: Uint8Array): Buffer {
  return Buffer.from(view.buffer, view.byteOffset, view.byteLength);
}

function refusalOf(kind: string): Refusal {
  if (kind === 'LEASE' || kind === 'EPOCH' || kind === 'VERSION' || kind === 'DYNAMIC') return kind;
  throw new ReplyError(`a store answered ${JSON.stringify(kind)}`);
}

function tagRecordOf(bytes: Buffer | null): TagRecord {
  const record = parseTag(bytes);
  if (record === undefined) throw new ReplyError('an acquire answered without the record of a tag');
  return record;
}
