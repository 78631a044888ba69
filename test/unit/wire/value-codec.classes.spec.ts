import { beforeEach, describe, expect, it } from '@jest/globals';
import { DEFAULT_LIMITS } from '../../../lib/wire/limits.js';
import { decodeValue, encodeValue } from '../../../lib/wire/value-codec.js';
import type { RevivedClass } from '../../../lib/wire/value-writer.js';
import { NotWritableError, UnreadableError } from '../../../lib/wire/wire-errors.js';
import { Member } from './samples.js';

class Chief extends Member {}
class Account {
  #balance = 1;
  readonly owner = 'Ada';

  get balance(): number {
    return this.#balance;
  }
}
class Late {
  at = new Date(1);
  more: unknown;
}

class Plain {
  a = 1;

  toJSON(): unknown {
    return { a: 'another' };
  }
}

const encode = (value: unknown, type?: RevivedClass): Uint8Array => encodeValue(value, DEFAULT_LIMITS, type);
const roundTrip = (value: unknown, type: RevivedClass): unknown =>
  decodeValue(encode(value, type), DEFAULT_LIMITS, type);
const ada = (): Member => new Member('Ada', new Date(1));

describe('With its class at hand, an instance', () => {
  beforeEach(() => {
    Member.made = 0;
  });

  it('comes back as an instance, with its properties in their order', () => {
    const back = roundTrip(ada(), Member) as Member;
    expect(back).toBeInstanceOf(Member);
    expect(Object.entries(back)).toEqual([
      ['name', 'Ada'],
      ['joined', new Date(1)],
    ]);
    expect(back.greeting).toBe('hello Ada');
  });

  it('is not asked for another form of itself, also when all its properties are plain', () => {
    const plain = Object.assign(new Plain(), { a: 2 });
    expect(roundTrip(plain, Plain)).toStrictEqual(plain);
    expect(roundTrip([plain], Plain)).toStrictEqual([plain]);
  });

  it('is made without running its constructor', () => {
    roundTrip(ada(), Member);
    expect(Member.made).toBe(1);
  });

  it('comes back from an array, beside null and what is plain', () => {
    const list = [ada(), null, ada(), { plain: true }, undefined];
    expect(roundTrip(list, Member)).toStrictEqual(list);
  });

  it.each([null, undefined, [], 'text', { name: 'Ada' }, [{ name: 'Ada' }], new Date(1)])(
    'may be lacking: what is plain stays plain (%p)',
    (value) => {
      expect(roundTrip(value, Member)).toStrictEqual(value);
    },
  );

  it('may come without a property that its class has an accessor for, or with one', () => {
    const member = Object.defineProperty(ada(), 'greeting', { value: 'mine', enumerable: true });
    const back = roundTrip(member, Member) as Member;
    expect(back.greeting).toBe('mine');
  });

  it('keeps a property called __proto__ as a property', () => {
    const member = Object.defineProperty(ada(), '__proto__', { value: { a: 1 }, enumerable: true });
    const back = roundTrip(member, Member) as object;
    expect(back).toBeInstanceOf(Member);
    expect(Object.getOwnPropertyDescriptor(back, '__proto__')?.value).toEqual({ a: 1 });
  });

  it('loses its private fields, which nobody can see', () => {
    const back = roundTrip(new Account(), Account) as Account;
    expect(back.owner).toBe('Ada');
    expect(() => back.balance).toThrow(TypeError);
  });

  it.each([
    ['of a derived class', new Chief('Ada', new Date(1))],
    ['of another class', new Late()],
    ['inside an object', { member: ada() }],
    ['inside an object, behind an array', { list: [], member: ada() }],
    ['inside an array inside an array', [[ada()]]],
    ['as a value of a map', new Map([[1, ada()]])],
    ['that holds another', Object.assign(ada(), { friend: ada() })],
    ['that holds a function', Object.assign(ada(), { call: () => 1 })],
    ['with a property named by a symbol', Object.assign(ada(), { [Symbol('s')]: 1 })],
  ])('is not written where it would not be revived: %s', (_name, value) => {
    expect(() => encode(value, Member)).toThrow(NotWritableError);
  });

  it('is not written when its class is more than properties', () => {
    for (const [Type, value] of [
      [Promise, Promise.resolve(1)],
      [RegExp, /a/],
      [TypeError, new TypeError('a')],
    ] as const) {
      expect(() => encode(value, Type)).toThrow(NotWritableError);
    }
  });

  it('is not read as a bare object when its class is not at hand', () => {
    expect(() => decodeValue(encode(ada(), Member))).toThrow(
      new UnreadableError('it is an instance of a class, and none was given'),
    );
    expect(() => decodeValue(encode([null, ada()], Member))).toThrow(UnreadableError);
  });

  it('is not read where none is written', () => {
    const forged = (text: string): Uint8Array => {
      const json = Buffer.from(text);
      return Buffer.concat([Buffer.from([2, 0, 0, 0, json.length]), json]);
    };
    const read = (text: string): unknown => decodeValue(forged(text), DEFAULT_LIMITS, Late);
    expect(read('["\u007fI",{"more":1}]')).toBeInstanceOf(Late);
    expect(() => read('{"a":["\u007fI",{}]}')).toThrow(new UnreadableError('an instance stands where none is written'));
    expect(() => read('["\u007fS",["\u007fI",{}]]')).toThrow(UnreadableError);
    expect(() => read('["\u007fI",[]]')).toThrow(UnreadableError);
    expect(() => read('["\u007fI",{},{}]')).toThrow(UnreadableError);
  });
});
