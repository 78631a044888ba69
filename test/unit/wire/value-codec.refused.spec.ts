import { Readable } from 'node:stream';
import { afterEach, describe, expect, it } from '@jest/globals';
import { encodeValue } from '../../../lib/wire/value-codec.js';
import { NotWritableError, UnreadableError } from '../../../lib/wire/wire-errors.js';
import { Member } from './samples.js';

const SECRET = 'hunter2';

class Point {
  readonly secret = SECRET;
}
class Numbers extends Array<number> {}
const Impostor = { Map: class Map extends globalThis.Map {} }.Map;

function cycle(): object {
  const value: { self?: unknown } = {};
  value.self = { list: [value] };
  return value;
}

function throwing(): never {
  throw new Error(SECRET);
}

/** Each with a part of the reason it is refused for. */
const REFUSED: readonly (readonly [name: string, value: () => unknown, reason: string])[] = [
  ['a function', () => () => SECRET, 'a function'],
  ['a symbol', () => Symbol(SECRET), 'a symbol'],
  ['a property named by a symbol', () => ({ [Symbol('s')]: SECRET }), 'named by a symbol'],
  ['an array with such a property', () => Object.assign([], { [Symbol('s')]: SECRET }), 'named by a symbol'],
  ['a class instance', () => new Point(), 'an instance of Point'],
  ['an instance of a class without a name', () => new (class {})(), 'an instance of a class'],
  ['an array of a class derived from Array', () => new Numbers(), 'an instance of Numbers'],
  ['a map of a class derived from Map, and of its name', () => new Impostor(), 'an instance of Map'],
  ['a date of a derived class', () => new (class Day extends Date {})(1), 'an instance of Day'],
  ['bytes of a derived class', () => new (class Bytes extends Uint8Array {})(1), 'an instance of Bytes'],
  ['a cycle', cycle, 'contains itself'],
  ['a stream', () => Readable.from([]), 'an instance of Readable'],
  ['a promise', () => Promise.resolve(SECRET), 'an instance of Promise'],
  ['a weak map', () => new WeakMap(), 'an instance of WeakMap'],
  ['an error', () => new TypeError(SECRET), 'an instance of TypeError'],
  ['a regular expression', () => /hunter2/, 'an instance of RegExp'],
  ['a boxed primitive', () => Object(SECRET) as unknown, 'an instance of String'],
  ['a URL', () => new URL(`http://${SECRET}`), 'an instance of URL'],
  ['a generator', () => (function* () {})(), 'instance'],
  ['shared memory', () => new SharedArrayBuffer(1), 'SharedArrayBuffer'],
  ['a view of shared memory', () => new Uint8Array(new SharedArrayBuffer(1)), 'Uint8Array'],
  ['memory that can grow', () => Reflect.construct(ArrayBuffer, [1, { maxByteLength: 2 }]) as unknown, 'ArrayBuffer'],
  [
    'a getter',
    () => ({
      get secret() {
        return SECRET;
      },
    }),
    'a getter or a setter',
  ],
  [
    'a setter',
    () => ({
      set secret(_value: unknown) {
        throwing();
      },
    }),
    'a getter or a setter',
  ],
  ['a hidden property', () => Object.defineProperty({}, 'secret', { value: SECRET }), 'hidden'],
  ['an array with a named property', () => Object.assign(['a'], { secret: SECRET }), 'named properties'],
  ['a sparse array with a named property', () => Object.assign(new Array(2), { secret: SECRET }), 'named properties'],
  ['a sparse array with a name like an index', () => Object.assign(new Array(2), { '01': SECRET }), 'named properties'],
  [
    'a sparse array with a number beyond all indexes',
    () => Object.assign(new Array(2), { 4294967295: SECRET }),
    'named properties',
  ],
  ['a match of a regular expression', () => /hunter(\d)/.exec(SECRET), 'named properties'],
  [
    'a date with a prototype of its own',
    () => Object.setPrototypeOf(new Date(1), { own: SECRET }) as unknown,
    'instance',
  ],
  ['a date with a property', () => Object.assign(new Date(1), { secret: SECRET }), 'Date'],
  ['a map with a property', () => Object.assign(new Map(), { secret: SECRET }), 'Map'],
  ['a buffer with a property', () => Object.assign(Buffer.from('a'), { secret: SECRET }), 'Buffer'],
  [
    'the longest bytes that are looked at, with a property',
    () => Object.assign(new Uint8Array(256), { a: 1 }),
    'Uint8Array',
  ],
  [
    'bytes with a property named by a symbol',
    () => Object.assign(new Uint8Array(1), { [Symbol('s')]: 1 }),
    'Uint8Array',
  ],
  ['a proxy', () => new Proxy({ secret: SECRET }, {}), 'a proxy'],
  ['a proxy that refuses', () => new Proxy({}, { getPrototypeOf: throwing, ownKeys: throwing }), 'a proxy'],
  ['a proxy that was revoked', () => revoked(), 'a proxy'],
  [
    'an object whose prototype refuses',
    () => Object.create(new Proxy({}, { getPrototypeOf: throwing })) as unknown,
    'cannot be read',
  ],
  ['arguments', () => argumentsOf(SECRET), 'named by a symbol'],
];

function revoked(): unknown {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

function argumentsOf(..._args: unknown[]): unknown {
  // oxlint-disable-next-line prefer-rest-params
  return arguments;
}

function errorOf(value: unknown): NotWritableError {
  try {
    encodeValue(value);
  } catch (error) {
    if (error instanceof NotWritableError) return error;
    throw error;
  }
  throw new Error('it was written');
}

describe('What would not come back as it was', () => {
  it.each(REFUSED)('is refused with the reason: %s', (_name, make, reason) => {
    expect(errorOf(make()).reason).toContain(reason);
  });

  it.each(REFUSED)('is refused deep inside what is fine: %s', (_name, make, reason) => {
    expect(errorOf(new Map([['a', [{ b: new Set([make()]) }]]])).reason).toContain(reason);
  });

  it.each(REFUSED)('is refused without telling what it holds: %s', (_name, make) => {
    const error = errorOf([make()]);
    expect(`${error.message} ${error.reason} ${String(error.cause)}`).not.toContain(SECRET);
  });

  it('is an error that is known by its name', () => {
    const error = errorOf(() => 1);
    expect(error.name).toBe('NotWritableError');
    expect(error.message).toBe('this value cannot be kept faithfully: it holds a function');
    expect(new UnreadableError('why')).toMatchObject({
      name: 'UnreadableError',
      reason: 'why',
      message: 'these bytes hold no value that can be read: why',
    });
  });

  it('runs none of its code on the way', () => {
    let calls = 0;
    const count = (): number => ++calls;
    const value = {
      get a() {
        return count();
      },
    };
    expect(() => encodeValue(value)).toThrow(NotWritableError);
    expect(() => encodeValue({ toJSON: count })).toThrow(NotWritableError);
    expect(() => encodeValue(new Member('Ada', new Date(1)))).toThrow(NotWritableError);
    expect(calls).toBe(0);
  });
});

describe('While somebody has given all objects a toJSON,', () => {
  const prototypes = [Object.prototype, Array.prototype] as { toJSON?: unknown }[];

  afterEach(() => {
    for (const prototype of prototypes) delete prototype.toJSON;
  });

  it.each([0, 1])('nothing is written wrong', (index) => {
    Object.defineProperty(prototypes[index], 'toJSON', { value: () => 'something else', configurable: true });
    expect(errorOf({ a: [1] }).reason).toContain('toJSON');
  });
});
