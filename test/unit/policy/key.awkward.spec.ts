import { describe, expect, it } from '@jest/globals';
import { keyOfCall } from '../../../lib/policy/key.js';
import { keyOf } from './call-key.js';

const withProto = (value: unknown): object =>
  Object.defineProperty({}, '__proto__', { value, enumerable: true, configurable: true, writable: true });

describe('The key of a call', () => {
  it('begins with the name of the method, and differs where that does', () => {
    expect(keyOfCall('A.b', ['x'])).toBe("A.b('x)");
    expect(keyOfCall('A.b', [])).toBe('A.b()');
    expect(keyOfCall('A.b', [1])).not.toBe(keyOfCall('A.c', [1]));
  });

  class Dto {
    constructor(readonly id: number) {}
  }
  class Twin {
    constructor(readonly id: number) {}
  }
  class Money {
    readonly #cents: number;
    constructor(cents: number) {
      this.#cents = cents;
    }
    toJSON(): unknown {
      return { cents: this.#cents };
    }
  }
  class Price {
    readonly #cents: number;
    constructor(cents: number) {
      this.#cents = cents;
    }
    toJSON(): unknown {
      return { cents: this.#cents };
    }
  }

  const distinct: readonly [string, unknown[]][] = [
    ['nothing', []],
    ['an empty text', ['']],
    ['null', [null]],
    ['undefined before something', [undefined, 1]],
    ['null before something', [null, 1]],
    ['an empty text before something', ['', 1]],
    ['"a:b" and "c"', ['a:b', 'c']],
    ['"a" and "b:c"', ['a', 'b:c']],
    ['"a,b"', ['a,b']],
    ['"a" and "b"', ['a', 'b']],
    ['["a", "b"]', [['a', 'b']]],
    ['["a,b"]', [['a,b']]],
    ['[["a"], "b"]', [[['a'], 'b']]],
    ['[]', [[]]],
    ['[undefined]', [[undefined]]],
    ['[null]', [[null]]],
    // oxlint-disable-next-line no-sparse-arrays
    ['a hole', [[,]]],
    // oxlint-disable-next-line no-sparse-arrays
    ['two holes', [[, ,]]],
    ['[] with a property', [Object.assign([], { a: 1 })]],
    ['{}', [{}]],
    ['{a: undefined}', [{ a: undefined }]],
    ['{a: null}', [{ a: null }]],
    ['{"0": "a"}', [{ 0: 'a' }]],
    ['["a"]', [['a']]],
    ['{length: 0}', [{ length: 0 }]],
    ['an own __proto__', [withProto(1)]],
    ['{constructor: 1}', [{ constructor: 1 }]],
    ['NaN', [Number.NaN]],
    ['"NaN"', ['NaN']],
    ['Infinity', [Infinity]],
    ['-Infinity', [-Infinity]],
    ['"Infinity"', ['Infinity']],
    ['0', [0]],
    ['-0', [-0]],
    ['[0]', [[0]]],
    ['[-0]', [[-0]]],
    ['1', [1]],
    ['"1"', ['1']],
    ['1n', [1n]],
    ['"1n"', ['1n']],
    ['0n', [0n]],
    ['2^53', [2 ** 53]],
    ['2^53 + 1 as a bigint', [2n ** 53n + 1n]],
    ['2^53 as a bigint', [2n ** 53n]],
    ['true', [true]],
    ['"true"', ['true']],
    ['false', [false]],
    ['"null"', ['null']],
    ['"undefined"', ['undefined']],
    ['a Date', [new Date(0)]],
    ['its text', [new Date(0).toISOString()]],
    ['a Date that is a number', [new Date(1)]],
    ['an invalid Date', [new Date(Number.NaN)]],
    ['a Date with a property', [Object.assign(new Date(0), { zone: 'utc' })]],
    ['an empty Map', [new Map()]],
    ['an empty Set', [new Set()]],
    ['a Map', [new Map([['a', 1]])]],
    [
      'a Map in one order',
      [
        new Map([
          ['a', 1],
          ['b', 2],
        ]),
      ],
    ],
    [
      'the Map in the other',
      [
        new Map([
          ['b', 2],
          ['a', 1],
        ]),
      ],
    ],
    ['a Set of its entry', [new Set([['a', 1]])]],
    ['an object like the Map', [{ a: 1 }]],
    ['a Set in one order', [new Set([1, 2])]],
    ['the Set in the other', [new Set([2, 1])]],
    ['a Map with a property', [Object.assign(new Map(), { a: 1 })]],
    ['a Buffer', [Buffer.from([1])]],
    ['a Uint8Array', [new Uint8Array([1])]],
    ['an Int8Array', [new Int8Array([1])]],
    ['an ArrayBuffer', [new Uint8Array([1]).buffer]],
    ['a DataView', [new DataView(new Uint8Array([1]).buffer)]],
    ['an empty Buffer', [Buffer.alloc(0)]],
    ['a list like the bytes', [[1]]],
    ['a DTO', [new Dto(1)]],
    ['another DTO', [new Dto(2)]],
    ['what has a toJSON', [new Money(5)]],
    ['the same of another amount', [new Money(6)]],
    ['the same of another class', [new Price(5)]],
    ['what its toJSON gives', [{ cents: 5 }]],
    ['a URL', [new URL('http://a/')]],
    ['its text', ['http://a/']],
    ['a high half', ['\ud800']],
    ['another high half', ['\ud801']],
    ['a low half', ['\udc00']],
    ['the character that takes their place', ['\ufffd']],
    ['a half in a list', [['\ud800']]],
    ['another half in a list', [['\ud801']]],
    ['é composed', ['\u00e9']],
    ['é decomposed', ['e\u0301']],
    ['NUL', ['\u0000']],
    ['CR LF', ['\r\n']],
    ['LF', ['\n']],
    ['a written LF', ['\\n']],
    ['braces', ['{x}']],
    ['a pattern', ['*?[']],
    ['a text like a digest', [`#${'A'.repeat(43)}`]],
    ['a text with the mark of texts', ["'"]],
    ['a text like a lone text', ["'a"]],
    ['a text like a list', ['["a","b"]']],
    ['a text that closes the call', ['a)']],
  ];

  it('tells apart all of a list of awkward calls', () => {
    const owners = new Map<string, string>();
    const collisions: string[] = [];
    for (const [words, args] of distinct) {
      const key = keyOf(...args);
      const owner = owners.get(key);
      if (owner !== undefined) collisions.push(`${owner} = ${words}`);
      owners.set(key, words);
    }
    expect(collisions).toEqual([]);
  });

  it.each<[string, () => object]>([
    ['a Uint8Array', () => new Uint8Array([1])],
    ['a Buffer', () => Buffer.from([1])],
    ['an ArrayBuffer', () => new Uint8Array([1]).buffer],
    ['a DataView', () => new DataView(new Uint8Array([1]).buffer)],
  ])('tells apart %s with a property, one with another, and one without', (_words, make) => {
    const keys = [make(), Object.assign(make(), { a: 1 }), Object.assign(make(), { a: 2 })].map((bytes) =>
      keyOf(bytes),
    );
    expect(new Set(keys).size).toBe(3);
  });

  /** What a list makes of a number depends on it: one as the length of `map`, or one as an item. */
  class Collection extends Array<unknown> {
    constructor(...items: unknown[]) {
      super();
      this.push(...items);
    }
  }

  it('is that of the items for a list of a class of its own, whose constructor takes items', () => {
    expect(keyOf(new Collection())).not.toBe(keyOf(new Collection(0)));
    expect(keyOf(new Collection())).toBe(keyOf([]));
    expect(keyOf(new Collection('a', 1))).toBe(keyOf(['a', 1]));
  });

  const equal: readonly [string, unknown[], unknown[]][] = [
    ['an object in another order', [{ a: 1, b: { c: 2, d: 3 } }], [{ b: { d: 3, c: 2 }, a: 1 }]],
    ['a DTO and its plain twin', [new Dto(1)], [{ id: 1 }]],
    ['two DTOs of different classes', [new Dto(1)], [new Twin(1)]],
    ['an object without prototype', [Object.assign(Object.create(null) as object, { a: 1 })], [{ a: 1 }]],
    ['undefined at the end', ['a', undefined, undefined], ['a']],
    ['nothing but undefined', [undefined], []],
    ['two instances with an equal toJSON', [new Money(5)], [new Money(5)]],
    ['an object with a getter', [Object.defineProperty({}, 'a', { get: () => 1, enumerable: true })], [{ a: 1 }]],
    ['a proxy', [new Proxy({ a: 1 }, {})], [{ a: 1 }]],
    ['a property that is not enumerable', [Object.defineProperty({ a: 1 }, 'b', { value: 2 })], [{ a: 1 }]],
    ['a part of a larger buffer', [new Uint8Array([0, 1, 2, 0]).subarray(1, 3)], [new Uint8Array([1, 2])]],
    ['what structuredClone makes of a Map', [structuredClone(new Map([['a', 1]]))], [new Map([['a', 1]])]],
    ['what structuredClone makes of a Date', [structuredClone(new Date(5))], [new Date(5)]],
  ];

  it.each(equal)('is one for %s', (_words, one, other) => {
    expect(keyOf(...one)).toBe(keyOf(...other));
  });

  it('is one where a part is used twice and where it is there twice', () => {
    const part = { a: 1 };
    expect(keyOf([part, part])).toBe(keyOf([{ a: 1 }, { a: 1 }]));
  });

  it('is found for 100,000 arguments, for 10 MB of text and for a sparse array of length 10^8', () => {
    const sparse: unknown[] = [];
    sparse[99_999_999] = 1;
    const shorter: unknown[] = [];
    shorter[99_999_998] = 1;
    const keys = [
      keyOfCall(
        'm',
        Array.from({ length: 100_000 }, (_, index) => index),
      ),
      keyOfCall('m', ['x'.repeat(10_000_000)]),
      keyOfCall('m', [sparse]),
      keyOfCall('m', [shorter]),
    ];
    expect(new Set(keys).size).toBe(4);
  });
});
