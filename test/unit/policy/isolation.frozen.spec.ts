import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { isolate } from '../../../lib/policy/isolation.js';
import { nested } from './nested-cells.js';

const frozenCopy = <T>(value: T): T => isolate(value, 'freeze').value as T;

describe('A value stored frozen', () => {
  it('is a copy, equal and frozen to its depths', () => {
    const source = { list: [1, { deep: [true] }], empty: {}, none: null, missing: undefined };
    const { value, form } = isolate(source, 'freeze');
    const copy = value as typeof source;
    expect(form).toBe('shared');
    expect(copy).toStrictEqual(source);
    for (const part of [copy, copy.list, copy.list[1], (copy.list[1] as { deep: boolean[] }).deep, copy.empty]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
  });

  it('throws at whoever would change it', () => {
    const copy = frozenCopy({ list: [1], name: 'a' });
    expect(() => copy.list.push(2)).toThrow(TypeError);
    expect(() => {
      copy.name = 'b';
    }).toThrow(TypeError);
    expect(() => {
      delete (copy as { name?: string }).name;
    }).toThrow(TypeError);
  });

  it('leaves the loader its own objects, which can change without effect', () => {
    const source = { list: [1], inner: { a: 1 } };
    const copy = frozenCopy(source);
    for (const part of [source, source.list, source.inner]) expect(Object.isFrozen(part)).toBe(false);
    source.list.push(2);
    source.inner.a = 2;
    expect(copy).toStrictEqual({ list: [1], inner: { a: 1 } });
  });

  it('is copied once: a frozen source is copied as well, and its copy shares nothing with it', () => {
    const inner = Object.freeze({ a: 1 });
    const source = Object.freeze({ inner });
    const copy = frozenCopy(source);
    expect(copy).not.toBe(source);
    expect(copy.inner).not.toBe(inner);
  });

  it.each([['text'], [5], [-0], [Number.NaN], [5n], [true], [null], [undefined], [Symbol.iterator]])(
    'is itself when it is %p',
    (value) => {
      expect(isolate(value, 'freeze')).toEqual({ value, form: 'shared' });
    },
  );

  it('keeps -0, NaN and fields that are undefined', () => {
    const copy = frozenCopy({ zero: -0, none: Number.NaN, missing: undefined as unknown });
    expect(Object.is(copy.zero, -0)).toBe(true);
    expect(copy.none).toBeNaN();
    expect('missing' in copy).toBe(true);
  });

  it('keeps functions as they are', () => {
    const run = (): number => 1;
    expect(frozenCopy({ run }).run).toBe(run);
    expect(Object.isFrozen(run)).toBe(false);
  });

  it('keeps the prototype of plain objects, also none', () => {
    const bare = Object.assign(Object.create(null) as object, { a: 1 });
    const copy = frozenCopy({ bare, plain: {} });
    expect(Object.getPrototypeOf(copy.bare)).toBeNull();
    expect(Object.getPrototypeOf(copy.plain)).toBe(Object.prototype);
    expect(copy.bare).toEqual(bare);
  });

  it('keeps properties named by symbols', () => {
    const mark = Symbol('mark');
    const hidden = Symbol('hidden');
    const source = Object.defineProperty({ [mark]: { a: 1 } }, hidden, { value: 1, enumerable: false });
    const copy = frozenCopy(source);
    expect(copy[mark]).toEqual({ a: 1 });
    expect(copy[mark]).not.toBe(source[mark]);
    expect(Object.isFrozen(copy[mark])).toBe(true);
    expect(Object.getOwnPropertySymbols(copy)).toEqual([mark]);
  });

  it('turns getters into what they gave, once', () => {
    let reads = 0;
    const copy = frozenCopy({
      get now(): number {
        return ++reads;
      },
    });
    expect([copy.now, copy.now, reads]).toEqual([1, 1, 1]);
  });

  it('lets a getter that throws be heard', () => {
    const source = {
      get broken(): never {
        throw new Error('no');
      },
    };
    expect(() => isolate(source, 'freeze')).toThrow('no');
  });

  it('keeps an own property named __proto__ one, and no prototype is changed', () => {
    const source = JSON.parse(
      '{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}',
    ) as {
      polluted?: boolean;
    };
    const copy = frozenCopy(source);
    expect(Object.hasOwn(copy, '__proto__')).toBe(true);
    expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
    expect(copy.polluted).toBeUndefined();
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    expect(JSON.stringify(copy)).toBe(JSON.stringify(source));
  });

  it('keeps an own property named __proto__ one also on an array with holes', () => {
    const source = Object.defineProperty(Object.assign([] as unknown[], { length: 3 }), '__proto__', {
      value: { polluted: true },
      enumerable: true,
    });
    const copy = frozenCopy(source);
    expect(Object.getPrototypeOf(copy)).toBe(Array.prototype);
    expect((copy as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('keeps the length and the holes of a sparse array', () => {
    // oxlint-disable-next-line no-sparse-arrays
    const copy = frozenCopy([1, , undefined, 4, ,] as unknown[]);
    expect(copy).toHaveLength(5);
    expect(Object.keys(copy)).toEqual(['0', '2', '3']);
    expect(Object.isFrozen(copy)).toBe(true);
  });

  it('is copied in no time when it is a sparse array of length 10^8', () => {
    const source: unknown[] = [1, 2];
    source[99_999_999] = { last: true };
    const began = process.cpuUsage().user;
    const copy = frozenCopy(source);
    // Visiting every hole takes a second and more.
    expect((process.cpuUsage().user - began) / 1_000).toBeLessThan(300);
    expect(copy).toHaveLength(100_000_000);
    expect(copy[99_999_999]).toEqual({ last: true });
    expect(Object.keys(copy)).toEqual(['0', '1', '99999999']);
    expect(Object.isFrozen(copy)).toBe(true);
  });

  it('keeps what else hangs on an array, as the result of a match has it', () => {
    const match = /b(?<last>c)/.exec('abc') as RegExpExecArray;
    const copy = frozenCopy(match);
    expect([...copy]).toEqual(['bc', 'c']);
    expect({ index: copy.index, input: copy.input }).toEqual({ index: 1, input: 'abc' });
    expect(Object.keys(frozenCopy(Object.assign([1, 2], { total: 7 })))).toEqual(['0', '1', 'total']);
  });

  it('keeps cycles', () => {
    interface Node {
      self?: Node;
      list: unknown[];
    }
    const source: Node = { list: [] };
    source.self = source;
    source.list.push(source.list, source);
    const copy = frozenCopy(source);
    expect(copy).not.toBe(source);
    expect(copy.self).toBe(copy);
    expect(copy.list[0]).toBe(copy.list);
    expect(copy.list[1]).toBe(copy);
  });

  it('keeps parts that are shared one', () => {
    const part = { a: 1 };
    const copy = frozenCopy({ one: part, two: part, list: [part] });
    expect(copy.one).toBe(copy.two);
    expect(copy.list[0]).toBe(copy.one);
    expect(copy.one).not.toBe(part);
  });

  it('is copied and frozen though it is 100,000 levels deep', () => {
    const copy = frozenCopy(nested(100_000));
    let depth = 0;
    let thawed = 0;
    for (let level: unknown = copy; level !== undefined; level = (level as { next?: unknown }).next) {
      depth++;
      if (!Object.isFrozen(level)) thawed++;
    }
    expect(depth).toBe(100_001);
    expect(thawed).toBe(0);
  });

  it('is plain also when it was made in another realm', () => {
    const source = runInNewContext('({ list: [1, { a: 1 }] })') as { list: unknown[] };
    const { value, form } = isolate(source, 'freeze');
    const copy = value as typeof source;
    expect(form).toBe('shared');
    expect(copy).not.toBe(source);
    expect(copy.list).not.toBe(source.list);
    expect(Object.isFrozen(copy.list[1])).toBe(true);
    expect(JSON.stringify(copy)).toBe('{"list":[1,{"a":1}]}');
  });

  it('has every property of its source, for 0 to 12 of them', () => {
    for (let count = 0; count <= 12; count++) {
      const members = Array.from({ length: count }, (_, index): [string, unknown] => [`p${index}`, { index }]);
      const source = Object.fromEntries(members);
      const copy = frozenCopy(source);
      expect(copy).toStrictEqual(source);
      expect(Object.keys(copy)).toEqual(Object.keys(source));
      expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
      expect(copy.constructor).toBe(Object);
      expect(Object.isFrozen(copy)).toBe(true);
      expect(copy).not.toBe(source);
    }
  });

  it('has no property of another, though both are copied one after the other', () => {
    const names = ['a', 'b', 'c', 'd'];
    const copies = names.map((name, index) => frozenCopy({ [name]: index, shared: name }));
    expect(copies).toStrictEqual(names.map((name, index) => ({ [name]: index, shared: name })));
  });
});

describe('The frozen copy of an array', () => {
  const define = (target: object, name: string, value: unknown): void => {
    Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
  };

  it.each<[string, () => unknown[]]>([
    ['with items only', () => [{ a: 1 }, 2]],
    // oxlint-disable-next-line no-sparse-arrays
    ['with holes', () => [, { a: 1 }, ,]],
    ['that is empty', () => []],
    ['that is long and empty', () => Object.assign([], { length: 5 })],
  ])('%s keeps named properties, copied and frozen as well', (_words, make) => {
    const source = Object.assign(make(), { total: 7, page: { next: [1] }, '-1': 'a', '01': 'b' });
    const copy = frozenCopy(source);
    expect(Object.keys(copy)).toEqual(Object.keys(source));
    expect(copy).toHaveLength(source.length);
    expect(copy).toStrictEqual(source);
    expect(copy.page).not.toBe(source.page);
    expect(Object.isFrozen(copy.page.next)).toBe(true);
  });

  it.each<[string, () => unknown[]]>([
    ['with items only', () => [1]],
    // oxlint-disable-next-line no-sparse-arrays
    ['with holes', () => [, 1]],
    ['that is long and empty', () => Object.assign([], { length: 3 })],
  ])('%s keeps an own __proto__ a property, and its prototype', (_words, make) => {
    const source = make();
    define(source, '__proto__', { polluted: { deep: true } });
    const copy = frozenCopy(source);
    const own = Object.getOwnPropertyDescriptor(copy, '__proto__')?.value as { polluted: object };
    expect(own).toStrictEqual({ polluted: { deep: true } });
    expect(Object.isFrozen(own.polluted)).toBe(true);
    expect(Object.getPrototypeOf(copy)).toBe(Array.prototype);
    expect((copy as { polluted?: unknown }).polluted).toBeUndefined();
    expect(Array.isArray(copy)).toBe(true);
  });
});
