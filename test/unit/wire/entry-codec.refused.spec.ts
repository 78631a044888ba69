import { crc32 } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { type Decoded, decodeRecord } from '../../../lib/wire/entry-codec.js';
import { DEFAULT_LIMITS } from '../../../lib/wire/limits.js';
import { UnreadableError } from '../../../lib/wire/wire-errors.js';
import fc from '../../support/properties.js';
import { mutated } from './mutations.js';
import { bytesOf, recordOf, versionOf } from './sample-record.js';

const { key } = recordOf();
const bytes = bytesOf(recordOf());
const TAIL_AT = 48 + 3 * 32;

/** With a checksum that fits what stands there now, as somebody would forge it. */
function forged(change: (bytes: Buffer) => Buffer | undefined): Buffer {
  const copy = Buffer.from(bytes);
  return resealed(change(copy) ?? copy);
}

function resealed(record: Buffer): Buffer {
  const tail = record.length < 48 ? record.length : 48 + 32 * (1 + record.readUInt16BE(46));
  if (tail + 4 > record.length) return record;
  const sealed = Buffer.from(record);
  const end = record.length - 4;
  sealed.writeUInt32BE(crc32(sealed.subarray(tail, end), crc32(sealed.subarray(0, 48))), end);
  return sealed;
}

function withoutBytes(record: Buffer, from: number, to: number): Buffer {
  return Buffer.concat([record.subarray(0, from), record.subarray(to)]);
}

const refusalOf = (record: Uint8Array, of = key): string | undefined => decodeRecord(record, of).refused;

describe('A record is refused', () => {
  it('wherever it is cut off', () => {
    for (let length = 0; length < bytes.length; length++) {
      expect(refusalOf(bytes.subarray(0, length))).toBeDefined();
    }
  });

  it('when any bit of it has flipped, but for those of the versions, which are compared', () => {
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = Buffer.from(bytes);
      const at = bit >> 3;
      flipped[at] = (flipped[at] as number) ^ (1 << (bit & 7));
      const isVersion = at >= 48 && at < TAIL_AT;
      expect({ bit, refused: refusalOf(flipped) !== undefined }).toEqual({ bit, refused: !isVersion });
    }
  });

  it('when it is that of another key', () => {
    expect(refusalOf(bytes, `${key} `)).toBe('key');
    expect(refusalOf(bytes, '')).toBe('key');
    expect(refusalOf(bytes, 'k'.repeat(5_000))).toBe('key');
  });

  it('when it is that of another long key, or of one that is the digest of ours', () => {
    const long = 'k'.repeat(2_000);
    const record = bytesOf(recordOf({ key: long }));
    expect(refusalOf(record, long)).toBeUndefined();
    expect(refusalOf(record, `${long}k`)).toBe('key');
    const end = record.length - 4 - (recordOf().body?.length ?? 0);
    const digest = record.subarray(end - 32, end);
    expect(refusalOf(record, digest.toString('latin1'))).toBe('key');
    expect(refusalOf(record, digest.toString('utf8'))).toBe('key');
  });

  it('when two keys differ in nothing but halves of surrogate pairs', () => {
    const record = bytesOf(recordOf({ key: 'a\ud800' }));
    expect(refusalOf(record, 'a\ud800')).toBeUndefined();
    expect(refusalOf(record, 'a\ud801')).toBe('key');
    expect(refusalOf(record, 'a\ufffd')).toBe('key');
  });

  it.each<readonly [reason: string, name: string, record: Buffer]>([
    ['length', 'nothing', Buffer.alloc(0)],
    ['length', 'two bytes', Buffer.from('LC')],
    ['length', 'a head alone', bytes.subarray(0, 48)],
    ['length', 'versions, and less than a checksum', bytes.subarray(0, TAIL_AT + 3)],
    ['magic', 'something else', Buffer.from('{"id":4711}')],
    ['magic', 'another magic', forged((record) => void (record[1] = 0x44))],
    ['format', 'a later format', forged((record) => void (record[2] = 2))],
    ['format', 'a later format of three bytes', Buffer.from([0x4c, 0x43, 2])],
    ['format', 'format zero', forged((record) => void (record[2] = 0))],
    ['flags', 'a flag that is not known', forged((record) => void (record[3] = 4))],
    ['flags', 'null and undefined at once', forged((record) => void (record[3] = 3))],
    ['length', 'bytes of a value beside null', forged((record) => void (record[3] = 1))],
    ['stamp', 'a stamp that is not printable', forged((record) => void (record[7] = 10))],
    ['stamp', 'a stamp beyond ASCII', forged((record) => void (record[7] = 0xe9))],
    ['tags', '129 tags', forged((record) => void record.writeUInt16BE(129, 46))],
    ['tags', '65,535 tags', forged((record) => void record.writeUInt16BE(65_535, 46))],
    ['length', 'more tags than it has room for', forged((record) => void record.writeUInt16BE(100, 46))],
    ['tags', 'a tag beyond the end', forged((record) => void record.writeUInt16BE(16_383, TAIL_AT))],
    ['tags', 'an only tag beyond the end', withTagBeyondEnd()],
    ['tags', 'a tag that is a digest', forged((record) => void record.writeUInt16BE((2 << 14) | 5, TAIL_AT))],
    ['tags', 'a tag of no known form', forged((record) => void record.writeUInt16BE((3 << 14) | 5, TAIL_AT))],
    ['tags', 'nothing behind its versions', forged((record) => withoutBytes(record, TAIL_AT, record.length - 4))],
    ['tags', 'a tag of 1,025 characters', withTag('x'.repeat(1_025))],
    ['key', 'no key', forged((record) => withoutBytes(record, TAIL_AT + 7 + 11, record.length - 4))],
    [
      'checksum',
      'another checksum',
      Buffer.concat([bytes.subarray(0, -1), Buffer.from([(bytes.at(-1) as number) ^ 1])]),
    ],
  ])('for its %s: %s', (reason, _name, record) => {
    expect(refusalOf(record)).toBe(reason);
  });

  it('when it is larger than it may be', () => {
    const limits = { ...DEFAULT_LIMITS, bytes: bytes.length };
    expect(decodeRecord(bytes, key, limits).refused).toBeUndefined();
    expect(decodeRecord(bytes, key, { ...limits, bytes: bytes.length - 1 }).refused).toBe('size');
  });

  it('or decoded, and nothing else, whatever the bytes', () => {
    const originals = [
      bytes,
      bytesOf(recordOf({ body: null })),
      bytesOf(recordOf({ key: 'k'.repeat(2_000), tags: [], versions: { epoch: versionOf('e'), tags: [] } })),
      bytesOf(recordOf({ tags: ['\ud800', 'é'] })),
    ];
    const outcomes = new Set<string | undefined>();
    fc.assert(
      fc.property(mutated(originals), fc.boolean(), (record, isForged) => {
        const read = decodeRecord(isForged ? resealed(record) : record, key);
        outcomes.add(read.refused);
        if (read.refused === undefined) readOrUnreadable(read);
      }),
      { numRuns: 6_000 },
    );
    const all = [undefined, 'checksum', 'flags', 'format', 'key', 'length', 'magic', 'stamp', 'tags'];
    expect(outcomes).toEqual(new Set(all));
  });
});

/** One tag longer than texts may be; its length still fits the field. */
function withTag(tag: string): Buffer {
  return forged((record) => {
    const head = Buffer.alloc(2);
    head.writeUInt16BE(tag.length);
    return Buffer.concat([record.subarray(0, TAIL_AT), head, Buffer.from(tag), record.subarray(TAIL_AT + 7)]);
  });
}

/** The one tag of a record says that it is as long as all that follows it, the checksum's first byte included. */
function withTagBeyondEnd(): Buffer {
  const record = bytesOf(recordOf({ tags: ['users'], versions: { epoch: versionOf('e'), tags: [versionOf('v')] } }));
  const at = 48 + 2 * 32;
  record.writeUInt16BE(record.length - 4 - at - 2 + 1, at);
  return resealed(record);
}

/** Fails on anything but a value or an UnreadableError. */
function readOrUnreadable({ value }: Decoded): void {
  try {
    value();
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error;
  }
}
