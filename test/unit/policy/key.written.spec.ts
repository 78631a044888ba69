import { describe, expect, it } from '@jest/globals';
import { keyOfCall } from '../../../lib/policy/key.js';

class Money {
  constructor(readonly cents: number) {}
}

class Point {
  toJSON(): unknown {
    return [1, 2];
  }
}

const Odd = { 'a b': class extends Point {} }['a b'];

describe('A key, which processes of other versions have to find again, is written so:', () => {
  it.each<[key: string, args: readonly unknown[]]>([
    ['f()', []],
    ['f()', [undefined]],
    ["f('text)", ['text']],
    ['f(5)', [5]],
    ['f(-0)', [-0]],
    ['f("a","b")', ['a', 'b']],
    ['f(undefined,1)', [undefined, 1]],
    ['f(null)', [null]],
    ['f(true,5n)', [true, 5n]],
    ['f([1,[2]])', [[1, [2]]]],
    ['f([3|"0":"a","1":"b"])', [Object.assign(new Array(3), { 1: 'b', 0: 'a' })]],
    ['f({"a":1,"b":{"c":[]}})', [{ b: { c: [] }, a: 1 }]],
    ['f(Date(5))', [new Date(5)]],
    ['f(Date(5)+{"a":1,"b":2})', [Object.assign(new Date(5), { b: 2, a: 1 })]],
    [
      'f(Map{"a"=>1,2=>{}})',
      [
        new Map<unknown, unknown>([
          ['a', 1],
          [2, {}],
        ]),
      ],
    ],
    ['f(Map{}+{"a":1})', [Object.assign(new Map(), { a: 1 })]],
    ['f(Set<"a",1>)', [new Set(['a', 1])]],
    ['f(Set<>+{"a":1})', [Object.assign(new Set(), { a: 1 })]],
    ['f(Buffer#YWI)', [Buffer.from('ab')]],
    ['f(Uint16Array#AQACAA+{"a":1})', [Object.assign(new Uint16Array([1, 2]), { a: 1 })]],
    ['f(ArrayBuffer#AQI)', [new Uint8Array([1, 2]).buffer]],
    ['f({"cents":5})', [new Money(5)]],
    ['f(class "a b".toJSON([1,2]))', [new Odd()]],
    ['f(Point.toJSON([1,2]))', [new Point()]],
  ])('%s', (key, args) => {
    expect(keyOfCall('f', args)).toBe(key);
  });
});
