import { describe, expect, it } from '@jest/globals';
import { parseByteSize } from '../../../lib/policy/byte-size.js';

describe('A number of bytes', () => {
  it.each<[unknown, number]>([
    [1, 1],
    [1_000_000, 1_000_000],
    [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
    ['1kb', 1_024],
    ['64mb', 64 * 1_024 * 1_024],
    ['2gb', 2 * 1_024 ** 3],
    ['1.5kb', 1_536],
    ['0.0015kb', 1],
  ])('%p is %d', (given, bytes) => {
    expect(parseByteSize(given)).toBe(bytes);
  });

  it.each<[unknown]>([
    [0],
    [-1],
    [1.5],
    [Number.NaN],
    [Number.POSITIVE_INFINITY],
    [2 ** 53],
    ['0kb'],
    ['0.0001kb'],
    ['-1kb'],
    ['1'],
    ['1b'],
    ['1tb'],
    ['1KB'],
    ['1 kb'],
    ['kb'],
    [''],
    ['1e3kb'],
    ['64mb\n'],
    [`${'9'.repeat(400)}gb`],
    [64n],
    [true],
    [null],
    [undefined],
    [{}],
    [[64]],
  ])('%p is none', (given) => {
    expect(parseByteSize(given)).toBeUndefined();
  });
});
