import { STAMP_LENGTH } from '../wire/record-layout.js';

/** A place in the order of a bucket's invalidations; numbers of another stream compare with nothing. */
export interface Position {
  /** The stream's id. */
  readonly sid: string;
  /** The number of its last invalidation. */
  readonly n: number;
}

/** What a bucket says of all its entries. An entry of another epoch is none. */
export interface State extends Position {
  readonly epoch: string;
}

/** What a bucket says of the entries with one tag. An entry with another version of it is none. */
export interface TagRecord {
  readonly version: string;
  /** The number of its last invalidation, or of the last one that there was when it was made. */
  readonly n: number;
}

export const VERSION_LENGTH = 32;
/** Microseconds of the server's clock, and a nonce. What the scripts take for a version is one here too, and nothing else. */
const VERSION = String.raw`(?=.{${VERSION_LENGTH}}\|)(\d+-[\w-]+)`;
const STATE = new RegExp(String.raw`^${VERSION}\|${VERSION}\|(\d{1,15})$`);
const TAG = new RegExp(String.raw`^${VERSION}\|(\d{1,15})$`);
const LONGEST = 100;

/** Undefined for what is missing, and for what no script of ours wrote. */
export function parseState(bytes: Buffer | null): State | undefined {
  // Nearly every reply has the one that the reply before had.
  if (bytes !== null && lastState !== undefined && lastState.bytes.equals(bytes)) return lastState.state;
  const state = newStateOf(bytes);
  if (bytes !== null && state !== undefined) lastState = { bytes: Buffer.from(bytes), state };
  return state;
}

let lastState: { readonly bytes: Buffer; readonly state: State } | undefined;

function newStateOf(bytes: Buffer | null): State | undefined {
  const [, epoch, sid, n] = match(STATE, bytes);
  return epoch === undefined || sid === undefined ? undefined : { epoch, sid, n: Number(n) };
}

export function parseTag(bytes: Buffer | null): TagRecord | undefined {
  const [, version, n] = match(TAG, bytes);
  return version === undefined ? undefined : { version, n: Number(n) };
}

/** The stamp of an entry. */
export function parseStamp(bytes: Buffer | null): string | undefined {
  return bytes?.length === STAMP_LENGTH ? bytes.toString('latin1') : undefined;
}

/** The epoch, then the version of each tag, as they stand in an entry. */
export function parseVersions(bytes: Buffer): readonly string[] {
  const versions: string[] = [];
  for (let start = 0; start < bytes.length; start += VERSION_LENGTH) {
    versions.push(bytes.toString('latin1', start, start + VERSION_LENGTH));
  }
  return versions;
}

function match(form: RegExp, bytes: Buffer | null): readonly (string | undefined)[] {
  if (bytes === null || bytes.length > LONGEST) return [];
  return form.exec(bytes.toString('latin1')) ?? [];
}
