import { describe, expect, it } from '@jest/globals';
import { type Decoded, decodeRecord, encodeRecord, type EntryRecord } from '../../../lib/wire/entry-codec.js';
import { DEFAULT_LIMITS } from '../../../lib/wire/limits.js';
import { encodeValue } from '../../../lib/wire/value-codec.js';
import { NotWritableError, UnreadableError } from '../../../lib/wire/wire-errors.js';
import fc from '../../support/properties.js';
import { bytesOf, recordOf, versionOf, YEAR } from './sample-record.js';
import { Member } from './samples.js';

function decoded(bytes: Uint8Array, key: string): Decoded {
  const record = decodeRecord(bytes, key);
  if (record.refused !== undefined) throw new Error(`it was refused: ${record.refused}`);
  return record;
}

const written = (record: EntryRecord): Decoded => decoded(bytesOf(record), record.key);

const text = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.array(fc.nat(0xffff), { maxLength: 20 }).map((units) => String.fromCharCode(...units)),
);
const time = fc.integer({ min: 0, max: 2 ** 48 - 1 });

describe('The record of an entry', () => {
  it('gives back what it was made of', () => {
    const { body, value, ...rest } = written(recordOf());
    expect(rest).toEqual({
      stamp: 'stamp-000001',
      born: 1_700_000_000_123,
      freshUntil: 1_700_000_300_123,
      staleWhileRevalidate: 30_000,
      staleIfError: YEAR,
      loadMs: 12,
      epoch: versionOf('epoch'),
      tags: ['users', 'user:4711'],
      versions: [versionOf('one'), versionOf('two')],
      negative: false,
    });
    expect(Buffer.from(body())).toEqual(Buffer.from(encodeValue({ id: 4711, at: new Date(1) })));
    expect(value()).toStrictEqual({ id: 4711, at: new Date(1) });
  });

  it('gives back any key, tags and times', () => {
    const record = fc.record({
      key: text,
      tags: fc.array(text, { maxLength: 5 }),
      born: time,
      freshUntil: time,
      loadMs: time,
    });
    fc.assert(
      fc.property(record, (parts) => {
        const versions = { epoch: versionOf('e'), tags: parts.tags.map((_tag, index) => versionOf(`${index}`)) };
        const { key: _key, ...expected } = parts;
        expect(written(recordOf({ ...parts, versions }))).toMatchObject({ ...expected, versions: versions.tags });
      }),
      { numRuns: 1_000 },
    );
  });

  it('holds 128 tags of 1,024 characters in any script, and an empty one', () => {
    for (const unit of ['x', 'é', '你', '\ud800']) {
      const tags = ['', ...Array.from({ length: 127 }, (_, index) => unit.repeat(1_024 - (index % 2)))];
      const versions = { epoch: versionOf('e'), tags: tags.map(() => versionOf('v')) };
      expect(written(recordOf({ tags, versions })).tags).toEqual(tags);
    }
  });

  it('holds no tags', () => {
    const { tags, versions, epoch } = written(recordOf({ tags: [], versions: { epoch: versionOf('e'), tags: [] } }));
    expect({ tags, versions, epoch }).toEqual({ tags: [], versions: [], epoch: versionOf('e') });
  });

  it.each([null, undefined])('remembers that there is %p, with no bytes for it', (body) => {
    const record = written(recordOf({ body }));
    expect(record.negative).toBe(true);
    expect(record.body()).toHaveLength(0);
    expect(record.value()).toBe(body);
  });

  it.each([null, undefined])('holds %p as a value like others, too', (value) => {
    const record = written(recordOf({ body: encodeValue(value) }));
    expect(record.negative).toBe(false);
    expect(record.value()).toBe(value);
  });

  it('gives instances of the class that it is asked for', () => {
    const body = encodeValue(new Member('Ada', new Date(1)), DEFAULT_LIMITS, Member);
    expect(written(recordOf({ body })).value(Member)).toBeInstanceOf(Member);
  });

  it('does not decode its value before it is asked, nor keep it', () => {
    const broken = written(recordOf({ body: Buffer.from('\u0001{broken') }));
    expect(() => broken.value()).toThrow(UnreadableError);
    const record = written(recordOf());
    expect(record.value()).not.toBe(record.value());
  });

  it('may be a part of a larger reply', () => {
    const memory = Buffer.concat([Buffer.alloc(3, 1), bytesOf(recordOf()), Buffer.alloc(3, 1)]);
    const view = new Uint8Array(memory.buffer, memory.byteOffset + 3, memory.length - 6);
    expect(decoded(view, recordOf().key).value()).toStrictEqual({ id: 4711, at: new Date(1) });
  });

  it('has its stamp where a script finds it', () => {
    expect(bytesOf(recordOf()).toString('latin1', 4, 16)).toBe('stamp-000001');
  });

  it('takes its versions from whoever puts them between head and tail', () => {
    const { head, versions, tail } = encodeRecord(recordOf());
    const { versions: _left, ...record } = recordOf();
    const bare = encodeRecord(record);
    expect(bare.versions).toHaveLength(0);
    expect([bare.head, bare.tail]).toEqual([head, tail]);
    const others = Buffer.from(versionOf('other epoch') + versionOf('other one') + versionOf('other two'));
    const read = decoded(Buffer.concat([head, others, tail]), record.key);
    expect([read.epoch, ...read.versions]).toEqual([
      versionOf('other epoch'),
      versionOf('other one'),
      versionOf('other two'),
    ]);
    expect(others).toHaveLength(versions.length);
  });

  it('rounds down times that are not whole', () => {
    expect(written(recordOf({ born: 5.9, loadMs: 0.4 }))).toMatchObject({ born: 5, loadMs: 0 });
  });

  it.each([
    ['that is empty', ''],
    ['of 1,024 characters', 'k'.repeat(1_024)],
  ])('may be that of a key %s, with nothing behind it', (_words, key) => {
    expect(written(recordOf({ key, body: null })).value()).toBeNull();
  });

  it('keeps only a digest of a key above 1,024 characters', () => {
    const key = 'k'.repeat(1_025);
    expect(written(recordOf({ key })).stamp).toBe('stamp-000001');
    expect(bytesOf(recordOf({ key })).length).toBeLessThan(bytesOf(recordOf({ key: key.slice(1) })).length);
  });
});

describe('What does not fit a record', () => {
  const tags = Array.from({ length: 129 }, String);
  const stamp = 'its stamp is not 12 printable characters';
  const version = 'a version of it is not 32 printable characters';
  const deadline = 'a deadline of it is out of range';

  it.each<readonly [name: string, changed: Partial<EntryRecord>, reason: string]>([
    ['a stamp of another length', { stamp: 'short' }, stamp],
    ['a stamp that is not printable', { stamp: 'stamp-00000\n' }, stamp],
    ['a stamp beyond ASCII', { stamp: 'stamp-00000é' }, stamp],
    ['129 tags', { tags, versions: { epoch: versionOf('e'), tags: tags.map(versionOf) } }, 'it has more than 128 tags'],
    ['a tag of 1,025 characters', { tags: ['a', 'x'.repeat(1_025)] }, 'it has a tag of more than 1024 characters'],
    [
      'versions for other tags',
      { versions: { epoch: versionOf('e'), tags: [] } },
      'it has another number of versions than of tags',
    ],
    ['a version of another length', { versions: { epoch: 'short', tags: [versionOf('a'), versionOf('b')] } }, version],
    [
      'a version that is not printable',
      { versions: { epoch: versionOf('e'), tags: [versionOf('a'), versionOf('\n')] } },
      version,
    ],
    ['a time before 1970', { born: -1 }, deadline],
    ['a time that is none', { freshUntil: Number.NaN }, deadline],
    ['a time without end', { staleIfError: Infinity }, deadline],
    ['a time beyond six bytes', { loadMs: 2 ** 48 }, deadline],
    [
      'a body as large as a whole record may be',
      { body: Buffer.alloc(DEFAULT_LIMITS.bytes) },
      'its record takes more than 16777216 bytes',
    ],
  ])('is not written: %s', (_name, changed, reason) => {
    expect(() => encodeRecord(recordOf(changed))).toThrow(new NotWritableError(reason));
  });

  it('is a record one byte larger than it may be, whoever writes the versions', () => {
    const { length } = bytesOf(recordOf());
    const { versions: _left, ...bare } = recordOf();
    for (const record of [recordOf(), bare]) {
      expect(() => encodeRecord(record, { ...DEFAULT_LIMITS, bytes: length })).not.toThrow();
      expect(() => encodeRecord(record, { ...DEFAULT_LIMITS, bytes: length - 1 })).toThrow(NotWritableError);
    }
  });

  it('is not the first instant of all, nor the last that has a number', () => {
    for (const born of [0, 2 ** 48 - 1]) expect(written(recordOf({ born })).born).toBe(born);
  });
});
