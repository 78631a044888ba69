import { crc32 } from 'node:zlib';
import { DEFAULT_LIMITS, type WireLimits } from './limits.js';
import {
  BORN_AT,
  CRC_LENGTH,
  FLAGS_AT,
  FORMAT,
  FORMAT_AT,
  FRESH_UNTIL_AT,
  HEAD_LENGTH,
  LOAD_MS_AT,
  LONGEST_TIME,
  MAGIC,
  MOST_TAGS,
  NEGATIVE_NULL,
  NEGATIVE_UNDEFINED,
  STALE_IF_ERROR_AT,
  STALE_WHILE_REVALIDATE_AT,
  STAMP_AT,
  STAMP_LENGTH,
  TAG_COUNT_AT,
  TIME_BYTES,
  VERSION_LENGTH,
} from './record-layout.js';
import { FieldReader, keyField, LONGEST_TEXT, textField } from './text-field.js';
import { decodeValue } from './value-codec.js';
import type { RevivedClass } from './value-writer.js';
import { NotWritableError } from './wire-errors.js';

/** The deadlines of an entry in Redis. Instants are of the primary's clock; everything is in milliseconds. */
export interface RecordTimes {
  readonly born: number;
  readonly freshUntil: number;
  /** After `freshUntil`. */
  readonly staleWhileRevalidate: number;
  /** After `freshUntil`. */
  readonly staleIfError: number;
  readonly loadMs: number;
}

/** What an entry's tags and the whole cache stood at when it was loaded: 32 printable ASCII characters each. */
export interface RecordVersions {
  readonly epoch: string;
  /** In the order of the tags. */
  readonly tags: readonly string[];
}

/** An entry as it is to be written. */
export interface EntryRecord extends RecordTimes {
  readonly key: string;
  /** 12 printable ASCII characters, another at every store. */
  readonly stamp: string;
  readonly tags: readonly string[];
  /** Left out where a script writes them. */
  readonly versions?: RecordVersions;
  /** What `encodeValue` made of the value; null and undefined themselves are remembered as negative. */
  readonly body: Uint8Array | null | undefined;
}

/** Joined in this order they are the record. */
export interface RecordParts {
  readonly head: Uint8Array;
  /** Empty when no versions were given. */
  readonly versions: Uint8Array;
  readonly tail: Uint8Array;
}

/** Throws a NotWritableError for what `decodeRecord` would refuse. */
export function encodeRecord(record: EntryRecord, limits: WireLimits = DEFAULT_LIMITS): RecordParts {
  refuseUnfit(record);
  const head = headOf(record);
  const versions = versionsOf(record);
  const content = Buffer.concat([...record.tags.map(textField), keyField(record.key), record.body ?? NOTHING]);
  const total = HEAD_LENGTH + VERSION_LENGTH * (1 + record.tags.length) + content.length + CRC_LENGTH;
  if (total > limits.bytes) throw new NotWritableError(`its record takes more than ${limits.bytes} bytes`);
  const crc = Buffer.allocUnsafe(CRC_LENGTH);
  crc.writeUInt32BE(crc32(content, crc32(head)));
  return { head, versions, tail: Buffer.concat([content, crc]) };
}

const NOTHING = new Uint8Array(0);
const PRINTABLE = /^[ -~]*$/;

function refuseUnfit({ stamp, tags, versions }: EntryRecord): void {
  if (!isPrintable(stamp, STAMP_LENGTH)) throw new NotWritableError('its stamp is not 12 printable characters');
  if (tags.length > MOST_TAGS) throw new NotWritableError(`it has more than ${MOST_TAGS} tags`);
  if (tags.some((tag) => tag.length > LONGEST_TEXT)) {
    throw new NotWritableError(`it has a tag of more than ${LONGEST_TEXT} characters`);
  }
  if (versions !== undefined && versions.tags.length !== tags.length) {
    throw new NotWritableError('it has another number of versions than of tags');
  }
}

function isPrintable(text: string, length: number): boolean {
  return text.length === length && PRINTABLE.test(text);
}

function headOf(record: EntryRecord): Buffer {
  const head = Buffer.alloc(HEAD_LENGTH);
  head.writeUInt16BE(MAGIC);
  head[FORMAT_AT] = FORMAT;
  head[FLAGS_AT] = flagsOf(record.body);
  head.write(record.stamp, STAMP_AT, 'latin1');
  writeTime(head, BORN_AT, record.born);
  writeTime(head, FRESH_UNTIL_AT, record.freshUntil);
  writeTime(head, STALE_WHILE_REVALIDATE_AT, record.staleWhileRevalidate);
  writeTime(head, STALE_IF_ERROR_AT, record.staleIfError);
  writeTime(head, LOAD_MS_AT, record.loadMs);
  head.writeUInt16BE(record.tags.length, TAG_COUNT_AT);
  return head;
}

function flagsOf(body: Uint8Array | null | undefined): number {
  if (body === null) return NEGATIVE_NULL;
  return body === undefined ? NEGATIVE_UNDEFINED : 0;
}

function writeTime(head: Buffer, at: number, time: number): void {
  const whole = Math.floor(time);
  if (!(whole >= 0 && whole <= LONGEST_TIME)) throw new NotWritableError('a deadline of it is out of range');
  head.writeUIntBE(whole, at, TIME_BYTES);
}

function versionsOf({ versions }: EntryRecord): Uint8Array {
  if (versions === undefined) return NOTHING;
  const all = [versions.epoch, ...versions.tags];
  if (!all.every((version) => isPrintable(version, VERSION_LENGTH))) {
    throw new NotWritableError(`a version of it is not ${VERSION_LENGTH} printable characters`);
  }
  return Buffer.from(all.join(''), 'latin1');
}

/** Why a record is not used; whoever asked counts it and reads on as at a miss. */
export type Refusal = 'size' | 'length' | 'magic' | 'format' | 'flags' | 'tags' | 'checksum' | 'stamp' | 'key';

/** A record that is not used. */
export interface Refused {
  readonly refused: Refusal;
}

/** An entry as it was read. */
export interface Decoded extends RecordTimes {
  readonly refused?: undefined;
  readonly stamp: string;
  readonly epoch: string;
  readonly tags: readonly string[];
  /** In the order of the tags. */
  readonly versions: readonly string[];
  /** Whether null or undefined is remembered, for which there is no body. */
  readonly negative: boolean;
  /** The bytes of the value, not copied. */
  readonly body: () => Uint8Array;
  /** Decodes the value, anew each time. Throws an UnreadableError if that cannot be done, with `type` as `decodeValue` takes it. */
  readonly value: (type?: RevivedClass) => unknown;
}

/** Checks all that can be checked without decoding the value. Never throws: whatever is wrong is a refusal. */
export function decodeRecord(bytes: Uint8Array, key: string, limits: WireLimits = DEFAULT_LIMITS): Decoded | Refused {
  const record = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const refused = refusalOf(record, limits);
  if (refused !== undefined) return { refused };
  return contentOf(record, key, limits);
}

/** What can be told before anything is read that has a length of its own. */
function refusalOf(record: Buffer, limits: WireLimits): Refusal | undefined {
  if (record.length > limits.bytes) return 'size';
  if (record.length <= FORMAT_AT) return 'length';
  if (record.readUInt16BE() !== MAGIC) return 'magic';
  if (record[FORMAT_AT] !== FORMAT) return 'format';
  if (record.length < HEAD_LENGTH) return 'length';
  const tags = record.readUInt16BE(TAG_COUNT_AT);
  if (tags > MOST_TAGS) return 'tags';
  if (record.length < tailAt(tags) + CRC_LENGTH) return 'length';
  return isIntact(record, tailAt(tags)) ? undefined : 'checksum';
}

function tailAt(tags: number): number {
  return HEAD_LENGTH + VERSION_LENGTH * (1 + tags);
}

function isIntact(record: Buffer, tail: number): boolean {
  const end = record.length - CRC_LENGTH;
  const crc = crc32(record.subarray(tail, end), crc32(record.subarray(0, HEAD_LENGTH)));
  return crc === record.readUInt32BE(end);
}

function contentOf(record: Buffer, key: string, limits: WireLimits): Decoded | Refused {
  const flags = record[FLAGS_AT] as number;
  if (flags !== 0 && flags !== NEGATIVE_NULL && flags !== NEGATIVE_UNDEFINED) return { refused: 'flags' };
  const tail = tailAt(record.readUInt16BE(TAG_COUNT_AT));
  const fixed = record.toString('latin1', 0, tail);
  const stamp = fixed.slice(STAMP_AT, STAMP_AT + STAMP_LENGTH);
  if (!PRINTABLE.test(stamp)) return { refused: 'stamp' };

  const end = record.length - CRC_LENGTH;
  const fields = new FieldReader(record, tail, end);
  const versions = versionsFrom(fixed);
  const tags = tagsFrom(fields, versions.length);
  if (tags === undefined) return { refused: 'tags' };
  if (!fields.isKey(key)) return { refused: 'key' };
  const begin = fields.at;
  if (flags !== 0 && begin !== end) return { refused: 'length' };
  const body = (): Uint8Array => record.subarray(begin, end);
  return {
    stamp,
    born: timeAt(record, BORN_AT),
    freshUntil: timeAt(record, FRESH_UNTIL_AT),
    staleWhileRevalidate: timeAt(record, STALE_WHILE_REVALIDATE_AT),
    staleIfError: timeAt(record, STALE_IF_ERROR_AT),
    loadMs: timeAt(record, LOAD_MS_AT),
    epoch: fixed.slice(HEAD_LENGTH, HEAD_LENGTH + VERSION_LENGTH),
    tags,
    versions,
    negative: flags !== 0,
    body,
    value: (type) => (flags === 0 ? decodeValue(body(), limits, type) : negativeValueOf(flags)),
  };
}

function negativeValueOf(flags: number): null | undefined {
  return flags === NEGATIVE_NULL ? null : undefined;
}

function timeAt(record: Buffer, at: number): number {
  return record.readUIntBE(at, TIME_BYTES);
}

/** The tags' versions: they end where the tail begins. */
function versionsFrom(fixed: string): readonly string[] {
  const versions: string[] = [];
  for (let at = tailAt(0); at < fixed.length; at += VERSION_LENGTH) versions.push(fixed.slice(at, at + VERSION_LENGTH));
  return versions;
}

function tagsFrom(fields: FieldReader, count: number): readonly string[] | undefined {
  const tags: string[] = [];
  for (let left = count; left > 0; left--) {
    const tag = fields.text();
    if (tag === undefined) return undefined;
    tags.push(tag);
  }
  return tags;
}
