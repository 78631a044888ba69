import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { keyOf, refusalOf } from './call-key.js';

describe('An argument that has no key', () => {
  const CANARY = 'canary-4711';
  const cycle: { self?: unknown; name: string } = { name: CANARY };
  cycle.self = cycle;
  const ring: unknown[] = [CANARY];
  ring.push(new Map([['ring', ring]]));
  const deep = (depth: number): unknown => {
    let value: unknown = CANARY;
    for (let level = 0; level < depth; level++) value = [value];
    return value;
  };
  class Opaque {
    readonly #secret = CANARY;
    reveal(): string {
      return this.#secret;
    }
  }
  class Selfish {
    toJSON(): unknown {
      return { self: this };
    }
  }
  class Unwilling {
    toJSON(): never {
      throw new Error(CANARY);
    }
  }

  const refused: readonly [string, unknown][] = [
    ['a function', (): string => CANARY],
    ['a class', Opaque],
    ['a symbol', Symbol(CANARY)],
    ['an object with a property named by a symbol', { a: 1, [Symbol(CANARY)]: CANARY }],
    ['an object with a function in it', { run: (): string => CANARY }],
    ['a stream', Readable.from([CANARY])],
    ['a web stream', new ReadableStream()],
    ['a stream to write to', new WritableStream()],
    ['an object that contains itself', cycle],
    ['a list that contains itself by a Map', ring],
    ['what gives itself as JSON', new Selfish()],
    ['what throws instead of JSON', new Unwilling()],
    ['201 levels', deep(201)],
    ['100,000 levels', deep(100_000)],
    ['an instance that shows nothing', new Opaque()],
    ['an instance of a class without a name', new (class {})()],
    ['a regular expression', new RegExp(CANARY)],
    ['an error', new Error(CANARY)],
    ['a promise', Promise.resolve(CANARY)],
    ['a WeakMap', new WeakMap()],
    ['a search', new URLSearchParams({ a: CANARY })],
    ['a proxy of a Map', new Proxy(new Map([['a', CANARY]]), {})],
    ['a boxed number', Object(5)],
    [
      'a getter that throws',
      {
        get broken(): never {
          throw new Error(CANARY);
        },
      },
    ],
    [
      'a proxy that throws',
      new Proxy(
        {},
        {
          ownKeys: () => {
            throw new Error(CANARY);
          },
        },
      ),
    ],
  ];

  it.each(refused)('is %s: the error names method and argument, and never the value', (_words, value) => {
    const places: [unknown[], string][] = [
      [[value], 'argument 1 of Users.find'],
      [[1, CANARY, value], 'argument 3 of Users.find'],
    ];
    for (const [args, place] of places) {
      const refusal = refusalOf(...args);
      expect(refusal.message).toContain(place);
      expect(refusal.message).not.toContain(CANARY);
      expect(refusal.code).toBe('LAYERCACHE_KEY');
    }
  });

  it.each<[reason: string, value: unknown]>([
    ['a stream, request or response is different each time', Readable.from([])],
    ['a stream, request or response is different each time', new ReadableStream()],
    ['a stream, request or response is different each time', new WritableStream()],
    ['a stream, request or response is different each time', { pipe: (): void => undefined }],
    ['a stream, request or response is different each time', { getReader: (): void => undefined }],
    ['a stream, request or response is different each time', { getWriter: (): void => undefined }],
    ['a function has no identity that two calls could share', { pipes: (): void => undefined }],
    ['it contains itself', cycle],
    ['it is nested deeper than 200 levels', deep(201)],
    ['an instance of Opaque shows nothing by which two could be told apart', new Opaque()],
    ['an instance of class "" shows nothing by which two could be told apart', new (class {})()],
    ['two of class RegExp may look alike and differ', /a/],
    ['it has a property named by a symbol', { [Symbol('s')]: 1 }],
  ])('is refused because %s (%#)', (reason, value) => {
    expect(refusalOf(value).message).toBe(
      `argument 1 of Users.find: ${reason}. Pass plain data instead, or give the key yourself.`,
    );
  });

  it.each(refused.filter(([words]) => !words.includes('levels')))('is %s also deep in another', (_words, value) => {
    for (const args of [[{ a: [value] }], [new Map([['a', value]])], [new Map([[value, 1]])], [new Set([value])]]) {
      const refusal = refusalOf(...args);
      expect(refusal.message).toContain('argument 1 of Users.find');
      expect(refusal.message).not.toContain(CANARY);
    }
  });

  it.each<[string, object]>([
    ['an object', {}],
    ['an array', [1]],
    ['an empty array', []],
    ['a Map', new Map()],
    ['a Set', new Set()],
    ['a Date', new Date(0)],
    ['a Buffer', Buffer.from([1])],
    ['an ArrayBuffer', new ArrayBuffer(1)],
    ['a URL', new URL('http://a/')],
  ])('is %s with a property named by a symbol, which would else be lost from the key', (_words, target) => {
    expect(refusalOf(Object.assign(target, { [Symbol('mark')]: CANARY })).message).toContain('symbol');
  });

  it('is not one whose property named by a symbol is not enumerable', () => {
    const value = Object.defineProperty({ a: 1 }, Symbol('mark'), { value: CANARY, enumerable: false });
    expect(keyOf(value)).toBe(keyOf({ a: 1 }));
  });

  it.each<[string, unknown]>([
    ['a regular expression', /a/g],
    ['a regular expression with properties', Object.assign(/a/g, { a: 1 })],
    ['an error', new Error('a')],
    ['an error with properties', Object.assign(new TypeError('a'), { code: 'E', status: 404 })],
    ['a boxed number', Object(5)],
    ['a boxed text', Object('a')],
    ['a boxed text with properties', Object.assign(Object('a') as object, { a: 1 })],
    ['a boxed boolean', Object(true)],
    ['a boxed bigint', Object(5n)],
    ['a boxed symbol', Object(Symbol('a'))],
  ])('is %s, though it shows properties', (_words, value) => {
    expect(refusalOf(value).message).toContain('two of class');
    expect(refusalOf([{ a: value }]).message).toContain('argument 1 of Users.find');
  });

  const manyObjects = (count: number): unknown[] => Array.from({ length: count }, () => ({}));

  it('is one of more than 100,000 objects, counted for each argument', () => {
    expect(refusalOf(manyObjects(100_000)).message).toContain('100000 objects');
    expect(keyOf(manyObjects(99_999), manyObjects(1))).toEqual(expect.any(String));
  });

  it('is one whose parts are shared over 30 levels, which would be written a thousand million times', () => {
    let pair: unknown = { name: CANARY };
    let map: unknown = new Map();
    for (let level = 0; level < 30; level++) {
      pair = { left: pair, right: pair };
      map = new Map([[map, map]]);
    }
    for (const value of [pair, map]) {
      const refusal = refusalOf(value);
      expect(refusal.message).toContain('100000 objects');
      expect(refusal.message).not.toContain(CANARY);
    }
  });

  it('is one of 201 levels, and not one of 200', () => {
    expect(keyOf(deep(200))).toEqual(expect.any(String));
    expect(refusalOf(deep(201)).message).toContain('200');
  });

  it('keeps what reading it threw as the cause', () => {
    const fault = new Error('fault');
    const value = {
      get broken(): never {
        throw fault;
      },
    };
    expect(refusalOf(value).cause).toBe(fault);
  });
});
