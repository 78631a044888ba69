/** A class as applications have them, with what JSON would ask if it were let. */
export class Member {
  constructor(
    readonly name: string,
    readonly joined: Date,
  ) {
    Member.made++;
  }

  static made = 0;

  get greeting(): string {
    return `hello ${this.name}`;
  }

  toJSON(): unknown {
    return { shown: this.name };
  }
}

/** As `JSON.parse` makes it from what a client sent. */
export function withForbiddenNames(): object {
  return JSON.parse(
    '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"prototype":null}',
  ) as object;
}

/** Values of every kind that is kept, small enough that each of their bytes matters. */
export function keptValues(): Record<string, unknown> {
  return {
    undefined,
    null: null,
    'a boolean': true,
    'a number': -1.5,
    zero: 0,
    'minus zero': -0,
    'not a number': Number.NaN,
    infinity: Infinity,
    'minus infinity': -Infinity,
    'the largest number': Number.MAX_VALUE,
    'the smallest number': Number.MIN_VALUE,
    'an empty text': '',
    'a text in many scripts': 'naïve Привет 你好 🦊',
    'half a surrogate pair': 'a\ud800b\udfff',
    'a text that begins like a mark': '\u007fu',
    'a text that is a mark and more': '\u007f\u007f',
    'a bigint': 2n ** 80n,
    'a negative bigint': -7n,
    'a bigint of zero': 0n,
    'a date': new Date('2024-02-29T12:00:00.123Z'),
    'a date before 1970': new Date(-1),
    'an invalid date': new Date(Number.NaN),
    'an array': [1, 'a', [null]],
    'an array with undefined items': [undefined, 1, undefined],
    'an array with holes': withHoles(),
    'an empty array of some length': new Array(3),
    'an array that looks like a map': ['\u007fM', 1, 2],
    'an array of arrays': [[], [[]]],
    'an object': { b: 1, a: { c: [1] } },
    'an empty object': {},
    'an object with undefined fields': { a: undefined, b: 1, c: undefined },
    'an object with numbers as names': { 10: 'a', 9: 'b', x: 'c' },
    'an object without a prototype': Object.assign(Object.create(null) as object, { a: new Date(1), b: { c: 1 } }),
    'names that lead to prototypes': withForbiddenNames(),
    'such names beside a date': { ...withForbiddenNames(), at: new Date(1) },
    'a date under such a name': { ['__proto__']: new Date(1) },
    'a field called toJSON': { toJSON: 1 },
    'a map': new Map<unknown, unknown>([
      [{ a: 1 }, new Map([[Number.NaN, undefined]])],
      ['b', -0],
      ['a', [1]],
    ]),
    'a set': new Set<unknown>(['b', 'a', undefined, { c: new Set([1n]) }]),
    'an empty map': new Map(),
    'an empty set': new Set(),
    'a buffer': Buffer.from('bytes'),
    'an empty buffer': Buffer.alloc(0),
    'a view of a part': new Uint8Array([1, 2, 3, 4]).subarray(1, 3),
    'an array buffer': new Uint8Array([1, 2]).buffer,
    'a data view': new DataView(new Uint8Array([1, 2, 3]).buffer, 1),
    'signed bytes': new Int8Array([-1, 2]),
    'clamped bytes': new Uint8ClampedArray([255, 0]),
    'signed words': new Int16Array([-1, 2]),
    words: new Uint16Array([1, 65535]),
    'signed double words': new Int32Array([-1, 2]),
    'double words': new Uint32Array([1, 2 ** 32 - 1]),
    floats: new Float32Array([1.5, Number.NaN]),
    doubles: new Float64Array([-0, Number.NaN, Infinity]),
    'signed quad words': new BigInt64Array([-1n]),
    'quad words': new BigUint64Array([2n ** 64n - 1n]),
    'binary data among others': [Buffer.from('ab'), { c: new Uint16Array([1]) }, Buffer.from('c')],
  };
}

function withHoles(): unknown[] {
  const items: unknown[] = new Array(6);
  items[1] = 'a';
  items[3] = undefined;
  items[4] = new Date(2);
  return items;
}
