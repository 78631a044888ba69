/** What is kept under a key. */
export interface Kept {
  /** Bytes as Latin-1 text; undefined for a value of another type than string. */
  readonly text: string | undefined;
  /** In microseconds of the server's clock; none lives for ever. */
  readonly until: number | undefined;
}

/** What a script can do. Text is bytes as Latin-1. */
export interface Commands {
  readonly without: ReadonlySet<Rule>;
  branch(branch: string): void;
  micros(): number;
  runId(): string;
  get(key: string): string | undefined;
  set(key: string, text: string, px?: string): void;
  setrange(key: string, offset: number, text: string): void;
  del(...keys: string[]): void;
  pttl(key: string): number;
  pexpire(key: string, px: string): void;
  publish(channel: string, message: string): void;
}

/** A rule that can be switched off, to see that it is missed. */
export type Rule = (typeof RULES)[number];
export const RULES = [
  'a store needs its lease',
  'a lease is of the number it was taken at',
  'an invalidated key loses its lease',
  'an invalidated key has no latest record',
  'a store needs its epoch',
  'a store needs its versions',
  'a late tag may not have been invalidated since',
  'a late tag without a record needs a stream that stood still',
  'a record is made at the present number',
  'versions are made by the server',
  'another server means another epoch',
] as const;

export type Raw = string | number | undefined | readonly Raw[];
export type Texts = readonly string[];

export interface State {
  epoch: string;
  sid: string;
  n: number;
}
export interface Tag {
  readonly version: string;
  readonly n: number;
  readonly text: string;
}
export interface Lease {
  readonly token: string;
  readonly contended: string;
  /** The stream that the number is of. */
  readonly sid: string;
  readonly n: number;
}

const STATE = /^(\d+-[\w-]+)\|(\d+-[\w-]+)\|(\d{1,15})$/;
const TAG = /^(\d+-[\w-]+)\|(\d{1,15})$/;
const LEASE = /^([01])(\d+-[\w-]+)\|(\d{1,15})$/;
const TOKEN_LENGTH = 24;

/** What records read as that were read before: most of them are read many times. */
class Readings<T> {
  readonly #read: (text: string) => T;
  readonly #known = new Map<string, T>();

  constructor(read: (text: string) => T) {
    this.#read = read;
  }

  of(text: string): T {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    if (this.#known.size >= 1_000) this.#known.clear();
    const made = this.#read(text);
    this.#known.set(text, made);
    return made;
  }
}

const states = new Readings((text): Readonly<State> | undefined => {
  const [, epoch, sid, n] = STATE.exec(text) ?? [];
  return epoch?.length === 32 && sid?.length === 32 ? { epoch, sid, n: Number(n) } : undefined;
});

const tags = new Readings((text): Tag | undefined => {
  const [, version, n] = TAG.exec(text) ?? [];
  return version?.length === 32 ? { version, n: Number(n), text } : undefined;
});

export function readState(redis: Commands, key: string): State | undefined {
  const state = states.of(redis.get(key) ?? '');
  return state === undefined ? undefined : { epoch: state.epoch, sid: state.sid, n: state.n };
}

export function textOf({ epoch, sid, n }: State): string {
  return `${epoch}|${sid}|${n}`;
}

export function readTag(redis: Commands, key: string): Tag | undefined {
  return tags.of(redis.get(key) ?? '');
}

export function writeTag(redis: Commands, key: string, tag: { version: string; n: number; ttl: string }): string {
  const text = `${tag.version}|${tag.n}`;
  redis.set(key, text, tag.ttl);
  return text;
}

export function numberOfNew(redis: Commands, n: number): number {
  return redis.without.has('a record is made at the present number') ? 0 : n;
}

export function readLease(redis: Commands, key: string): Lease | undefined {
  const text = redis.get(key) ?? '';
  const [, contended, sid, n] = LEASE.exec(text.slice(TOKEN_LENGTH)) ?? [];
  if (contended === undefined || sid?.length !== 32) return undefined;
  return { token: text.slice(0, TOKEN_LENGTH), contended, sid, n: Number(n) };
}

export function dropLease(
  redis: Commands,
  key: string,
  wake: { lease: Lease; channel: string; message: string },
): void {
  redis.del(key);
  if (wake.lease.contended !== '1') return;
  redis.branch('wakes');
  redis.publish(wake.channel, wake.message);
}

export function newVersion(redis: Commands, nonce: string): string {
  const micros = redis.without.has('versions are made by the server') ? 0 : redis.micros();
  return `${String(micros).padStart(16, '0')}-${nonce}`;
}

export function newState(redis: Commands, nonce: string): State {
  redis.branch('makes a state');
  const version = newVersion(redis, nonce);
  return { epoch: version, sid: version, n: 0 };
}

export function liveAtLeast(redis: Commands, key: string, ttl: string): void {
  const left = redis.pttl(key);
  if (left < 0 || left >= Number(ttl)) return;
  redis.branch('prolongs a tag');
  redis.pexpire(key, ttl);
}

export function message(kind: string, { sid, n }: State, { nonce, id }: { nonce: string; id: string }): string {
  return `1|${kind}|${sid}|${n}|${nonce}|${id}`;
}
