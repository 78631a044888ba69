import { describe, expect, it } from '@jest/globals';
import fc from '../../support/properties.js';
import { parseDuration } from '../../../lib/policy/duration.js';

describe('A duration', () => {
  it.each<[unknown, number]>([
    [0, 0],
    [1, 1],
    [0.5, 0.5],
    [2 ** 53, 2 ** 53],
    ['0ms', 0],
    ['250ms', 250],
    ['30s', 30_000],
    ['5m', 300_000],
    ['2h', 7_200_000],
    ['1.5h', 5_400_000],
    ['7d', 604_800_000],
    ['0.5ms', 0.5],
    ['007s', 7_000],
  ])('%p is %d milliseconds', (given, ms) => {
    expect(parseDuration(given)).toBe(ms);
  });

  it.each<[unknown]>([
    [-1],
    [Number.NaN],
    [Number.POSITIVE_INFINITY],
    [Number.NEGATIVE_INFINITY],
    ['-5s'],
    ['+5s'],
    ['5'],
    ['s'],
    [''],
    [' 5s'],
    ['5s '],
    ['5s\n'],
    ['5 s'],
    ['5S'],
    ['5M'],
    ['5sec'],
    ['5w'],
    ['5y'],
    ['.5s'],
    ['5.s'],
    ['1e3ms'],
    ['0x10ms'],
    ['1_000ms'],
    ['1,5s'],
    ['5s5s'],
    ['5m30s'],
    ['NaNs'],
    ['Infinitys'],
    ['٣s'],
    [`${'9'.repeat(400)}d`],
    [5n],
    [true],
    [null],
    [undefined],
    [{}],
    [[5]],
    [Object('5s')],
    [Symbol('5s')],
    [(): string => '5s'],
  ])('%p is none', (given) => {
    expect(parseDuration(given)).toBeUndefined();
  });

  it('in any unit is the number times the unit', () => {
    const units = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
    const unit = fc.constantFrom(...(Object.keys(units) as (keyof typeof units)[]));
    fc.assert(
      fc.property(fc.nat(1_000_000), unit, (count, name) => {
        expect(parseDuration(`${count}${name}`)).toBe(count * units[name]);
      }),
    );
  });

  it('is found in no time in a text made to be hard to match', () => {
    expect(parseDuration(`${'1'.repeat(1_000_000)}x`)).toBeUndefined();
  });
});
