import { describe, expect, it } from '@jest/globals';
import { DEFAULT_LIMITS } from '../../../lib/wire/limits.js';
import { decodeValue, encodeValue } from '../../../lib/wire/value-codec.js';
import { UnreadableError } from '../../../lib/wire/wire-errors.js';
import fc from '../../support/properties.js';
import { mutated } from './mutations.js';
import { keptValues, Member } from './samples.js';

const originals = [
  ...Object.values(keptValues()).map((value) => encodeValue(value)),
  encodeValue(Object.values(keptValues())),
  encodeValue([new Member('Ada', new Date(1)), null], DEFAULT_LIMITS, Member),
];

/** The second format, of a JSON text and the bytes behind it. */
function marked(text: string, binary: readonly number[] = []): Buffer {
  const json = Buffer.from(text);
  const head = Buffer.alloc(5);
  head[0] = 2;
  head.writeUInt32BE(json.length, 1);
  return Buffer.concat([head, json, Buffer.from(binary)]);
}

function plain(text: string): Buffer {
  return Buffer.from(`\u0001${text}`);
}

/** Fails on anything but a value or an UnreadableError. */
function read(bytes: Uint8Array): 'a value' | 'unreadable' {
  try {
    decodeValue(bytes, DEFAULT_LIMITS, Member);
    return 'a value';
  } catch (error) {
    if (error instanceof UnreadableError) return 'unreadable';
    throw error;
  }
}

describe('Bytes that nobody wrote', () => {
  it('are a value or unreadable, however they were made from those of values', () => {
    const outcomes = new Map<string, number>();
    fc.assert(
      fc.property(mutated(originals), (bytes) => {
        const outcome = read(bytes);
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      }),
      { numRuns: 12_000 },
    );
    expect(outcomes.get('a value')).toBeGreaterThan(100);
    expect(outcomes.get('unreadable')).toBeGreaterThan(1_000);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    expect(Reflect.ownKeys(Member.prototype)).toEqual(['constructor', 'greeting', 'toJSON']);
  });

  it('are a value or unreadable when they are random', () => {
    fc.assert(
      fc.property(fc.constantFrom(1, 2, 3), fc.uint8Array({ maxLength: 100 }), (format, bytes) => {
        read(Buffer.from([format, ...bytes]));
      }),
      { numRuns: 3_000 },
    );
  });

  it('are unreadable wherever the marked format is cut off', () => {
    const bytes = encodeValue([new Date(1), Buffer.from('abc'), { a: undefined }]);
    for (let length = 0; length < bytes.length; length++) expect(read(bytes.subarray(0, length))).toBe('unreadable');
  });

  it.each<readonly [name: string, bytes: Uint8Array, reason: string]>([
    ['nothing', Buffer.alloc(0), 'its format is unknown'],
    ['a format that is not known yet', Buffer.from([3, 0x31]), 'its format is unknown'],
    ['a format byte alone', Buffer.from([1]), 'its text is not JSON'],
    ['what is not JSON', plain('{a:1}'), 'its text is not JSON'],
    ['JSON with something behind it', plain('1 2'), 'its text is not JSON'],
    ['a length beyond the end', Buffer.from([2, 0xff, 0xff, 0xff, 0xff, 0x31]), 'it is cut off'],
    ['a length that is cut off', Buffer.from([2, 0, 0]), 'it is cut off'],
    ['a text of no length', Buffer.from([2, 0, 0, 0, 0]), 'its text is not JSON'],
    ['bytes that belong to nothing', marked('1', [1, 2]), 'there are bytes that belong to nothing'],
    ['binary data beyond the end', marked('"\u007fbB4"', [1, 2, 3]), 'binary data are cut off'],
    ['binary data of an absurd length', marked('"\u007fbB9999999999"'), 'binary data are cut off'],
    ['binary data of a negative length', marked('"\u007fbB-1"'), 'binary data are cut off'],
    [
      'binary data of a length like 1e1',
      marked('"\u007fbB1e1"', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
      'binary data are cut off',
    ],
    ['binary data of no length', marked('"\u007fbB"'), 'binary data are cut off'],
    ['binary data of an unknown class', marked('"\u007fbZ1"', [1]), 'binary data are of no known class'],
    [
      'half an item of a typed array',
      marked('"\u007fbi7"', [1, 2, 3, 4, 5, 6, 7]),
      'binary data are of no known class',
    ],
    ['binary data that share their bytes', marked('["\u007fbB3","\u007fbB3"]', [1, 2, 3]), 'binary data are cut off'],
    ['a mark alone', marked('"\u007f"'), 'a mark is unknown'],
    ['an unknown mark', marked('"\u007fx"'), 'a mark is unknown'],
    ['a known mark with something behind it', marked('"\u007fuu"'), 'a mark is unknown'],
    ['a mark of an array where no array begins', marked('["a","\u007fM"]'), 'a mark is unknown'],
    ['a hole outside an array', marked('{"a":"\u007fh"}'), 'a mark is unknown'],
    ['a hole in a set', marked('["\u007fS","\u007fh"]'), 'a mark is unknown'],
    ['a map that lacks a value', marked('["\u007fM",1]'), 'a map lacks a value'],
    ['an object without prototype that is an array', marked('["\u007fN",[]]'), 'a mark wants an object'],
    ['an object without prototype that is none', marked('["\u007fN"]'), 'a mark wants an object'],
    ['an object without prototype that is null', marked('["\u007fN",null]'), 'a mark wants an object'],
    ['an object without prototype that is a text', marked('["\u007fN","text"]'), 'a mark wants an object'],
    ['a date beyond all dates', marked('"\u007fd8640000000000001"'), 'a date has no such time'],
    ['a date that is no number', marked('"\u007fdtoday"'), 'a date has no such time'],
    ['a bigint that is no number', marked('"\u007fixyz"'), 'a bigint has other than digits'],
    ['a bigint with two signs', marked('"\u007fi--1"'), 'a bigint has other than digits'],
    ['a bigint without digits', marked('"\u007fi"'), 'a bigint has other than digits'],
  ])('are unreadable, with the reason: %s', (_name, bytes, reason) => {
    expect(() => decodeValue(bytes)).toThrow(new UnreadableError(reason));
  });

  it('are not told in the reason', () => {
    expect(() => decodeValue(plain('{"password":hunter2}'))).toThrow(new UnreadableError('its text is not JSON'));
  });

  it.each([
    ['16 million openings', plain('['.repeat(16_000_000))],
    ['8 million levels', plain('['.repeat(8_000_000) + ']'.repeat(8_000_000))],
    ['5 million empty objects', plain(`[${'{},'.repeat(5_000_000)}{}]`)],
    ['a text that never ends', plain(`"${'\\'.repeat(16_000_000)}`)],
    ['a bigint with a wrong digit at the end', marked(`"\u007fi${'f'.repeat(1_000_000)}x"`)],
    ['a date of a million digits', marked(`"\u007fd${'1'.repeat(1_000_000)}"`)],
  ])('are refused before they take much memory: %s', (_name, bytes) => {
    const before = process.memoryUsage();
    expect(read(bytes)).toBe('unreadable');
    const after = process.memoryUsage();
    expect(after.heapUsed + after.external - before.heapUsed - before.external).toBeLessThan(
      4 * bytes.length + 2 ** 23,
    );
  });

  it('are read in little time when they hold a number of a million digits', () => {
    expect(read(marked(`"\u007fi${'f'.repeat(1_000_000)}"`))).toBe('a value');
  });
});
