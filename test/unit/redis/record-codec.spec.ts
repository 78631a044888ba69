import { deserialize, serialize } from 'node:v8';
import { describe, expect, it } from '@jest/globals';
import { markOf } from '../../../lib/redis/record-codec.js';
import { NotWritableError, UnreadableError } from '../../../lib/wire/wire-errors.js';
import { AHEAD, codecWith, entryOf, valueOf } from './records-world.js';

class User {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

describe('A record', () => {
  it('comes back as it was, in the time of who reads it', () => {
    const codec = codecWith();
    for (const value of [valueOf(), valueOf({ value: null }), valueOf({ value: undefined }), valueOf({ value: '' })]) {
      expect(codec.valueOf(codec.decode(entryOf(codec, 'k', value), 'k'), undefined)).toEqual(value);
    }
  });

  it('holds instants of the server’s clock', () => {
    const codec = codecWith();
    const decoded = codec.decode(entryOf(codec, 'k', valueOf()), 'k');
    expect([decoded.born, decoded.freshUntil]).toEqual([AHEAD + 1_000, AHEAD + 61_000]);
  });

  it('has a stamp that no other has, at its mark', () => {
    const codec = codecWith();
    const marks = [0, 1].map(() => String(markOf(entryOf(codec, 'k', valueOf()))));
    expect(marks).toEqual(['sssssssssss0', 'sssssssssss1']);
  });

  it.each<[string, Buffer | undefined, string | undefined]>([
    ['nothing', undefined, undefined],
    ['no bytes', Buffer.alloc(0), undefined],
    ['too few bytes to have a stamp', Buffer.alloc(4), undefined],
    ['a stamp that is cut off', Buffer.from('....stamp'), 'stamp'],
  ])('has a mark also where it is %s', (_words, bytes, mark) => {
    expect(markOf(bytes)?.toString()).toBe(mark);
  });

  it('keeps its mark when the bytes it was read from change', () => {
    const bytes = entryOf(codecWith(), 'k', valueOf());
    const mark = markOf(bytes);
    bytes.fill(0);
    expect(String(mark)).toBe('sssssssssss0');
  });

  it('is not read for another key, nor when it is broken', () => {
    const codec = codecWith();
    const bytes = entryOf(codec, 'k', valueOf());
    expect(() => codec.decode(bytes, 'other')).toThrow(UnreadableError);
    expect(() => codec.decode(bytes.subarray(0, -1), 'k')).toThrow(/the check of its/);
    expect(() => codec.decode(Buffer.from('not ours'), 'k')).toThrow(UnreadableError);
  });

  it('is not written of what would not come back', () => {
    const codec = codecWith();
    for (const value of [() => 1, new User('Ada'), Symbol('s')]) {
      expect(() => codec.encode('k', valueOf({ value }), undefined)).toThrow(NotWritableError);
    }
  });

  it('brings an instance back to who names its class, and to nobody else', () => {
    const codec = codecWith();
    const decoded = codec.decode(entryOf(codec, 'k', valueOf({ value: new User('Ada') }), User), 'k');
    expect(codec.valueOf(decoded, User).value).toStrictEqual(new User('Ada'));
    expect(() => codec.valueOf(decoded, undefined)).toThrow(UnreadableError);
  });
});

describe('A record by a serializer of the user’s', () => {
  const serializer = { serialize, deserialize };

  it('comes back as that reads it', () => {
    const codec = codecWith(serializer);
    const value = valueOf({ value: { at: new Date(5), all: new Map([[1, [2n]]]) } });
    expect(codec.valueOf(codec.decode(entryOf(codec, 'k', value), 'k'), undefined)).toEqual(value);
  });

  it('never shows it null and undefined', () => {
    const refuse = (): never => {
      throw new Error('not to be asked');
    };
    const codec = codecWith({ serialize: refuse, deserialize: refuse });
    for (const value of [null, undefined]) {
      const decoded = codec.decode(entryOf(codec, 'k', valueOf({ value })), 'k');
      expect(codec.valueOf(decoded, undefined).value).toBe(value);
    }
  });

  it('is not read by who has none, nor one of ours by who has one', () => {
    const [ours, theirs] = [codecWith(), codecWith(serializer)];
    const [byUs, byThem] = [entryOf(ours, 'k', valueOf()), entryOf(theirs, 'k', valueOf())];
    expect(() => theirs.valueOf(theirs.decode(byUs, 'k'), undefined)).toThrow(UnreadableError);
    expect(() => ours.valueOf(ours.decode(byThem, 'k'), undefined)).toThrow(UnreadableError);
  });
});
