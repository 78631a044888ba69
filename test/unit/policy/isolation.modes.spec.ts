import { types } from 'node:util';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import fc from '../../support/properties.js';
import { classNameOf, cloneForReader, isolate, isPlainObject } from '../../../lib/policy/isolation.js';
import { Account } from './account.js';
import { nested } from './nested-cells.js';

const frozenCopy = <T>(value: T): T => isolate(value, 'freeze').value as T;

describe('An instance of a class', () => {
  class Stamp extends Date {}
  class Dictionary extends Map<string, number> {}
  class Names extends Set<string> {}
  class List extends Array<number> {}

  const instances: readonly [string, object][] = [
    ['with private state', new Account(5)],
    ['that is a Date too', new Stamp(5)],
    ['that is a Map too', new Dictionary([['a', 1]])],
    ['that is a Set too', new Names(['a'])],
    ['that is an array too', List.from([1, 2])],
    ['that is an error', new Error('x')],
    ['that is a regular expression', /x/g],
    ['that is a promise', Promise.resolve()],
    ['that is a WeakMap', new WeakMap()],
  ];

  it.each(instances)('%s is shared as it is, and stays changeable', (_words, instance) => {
    for (const mode of ['freeze', 'clone'] as const) {
      const { value } = isolate({ instance, list: [instance] }, mode);
      expect((value as { instance: object }).instance).toBe(instance);
      expect((value as { list: object[] }).list[0]).toBe(instance);
      expect(isolate(instance, mode).value).toBe(instance);
      expect(Object.isFrozen(instance)).toBe(false);
    }
  });

  it('keeps its private state usable', () => {
    expect(frozenCopy({ account: new Account(5) }).account.balance).toBe(5);
  });

  it('does not keep the plain data around it from being frozen', () => {
    const { value, form } = isolate({ account: new Account(5), list: [1] }, 'freeze');
    expect(form).toBe('shared');
    expect(Object.isFrozen((value as { list: number[] }).list)).toBe(true);
  });
});

describe('A value stored to be cloned', () => {
  it('gives each reader a copy that is his to change, whatever its properties are called', () => {
    const source = JSON.parse('{"__proto__":1,"constructor":2,"a":3}') as object;
    const { value } = isolate(source, 'clone');
    for (const copy of [value, cloneForReader(value)] as object[]) {
      const own = Object.entries(Object.getOwnPropertyDescriptors(copy));
      expect(own.map(([name]) => name)).toEqual(['__proto__', 'constructor', 'a']);
      for (const [, one] of own) expect(one).toMatchObject({ writable: true, enumerable: true, configurable: true });
    }
  });

  it('is a copy, not frozen, and each reader gets another', () => {
    const source = { list: [1], inner: { a: 1 } };
    const { value, form } = isolate(source, 'clone');
    expect(form).toBe('cloned');
    expect(value).toStrictEqual(source);
    expect(value).not.toBe(source);
    const mine = cloneForReader(value) as typeof source;
    mine.list.push(2);
    source.inner.a = 2;
    expect(cloneForReader(value)).toStrictEqual({ list: [1], inner: { a: 1 } });
  });

  it.each([['text'], [5], [true], [5n]])('is shared when there is nothing to copy: %p', (value) => {
    expect(isolate(value, 'clone')).toEqual({ value, form: 'shared' });
  });

  it('is cloned though it is 100,000 levels deep', () => {
    let depth = 0;
    let level = cloneForReader(isolate(nested(100_000), 'clone').value) as { next?: unknown } | undefined;
    for (; level !== undefined; level = level.next as { next?: unknown } | undefined) depth++;
    expect(depth).toBe(100_001);
  });
});

describe('A value stored to be shared', () => {
  it.each([[{ list: [1] }], [[1, 2]], [new Date(5)], [new Map()], [new Account(1)]])(
    'is the very object: %p',
    (source) => {
      const { value, form } = isolate(source, 'share');
      expect(value).toBe(source);
      expect(form).toBe('shared');
      expect(Object.isFrozen(source)).toBe(false);
    },
  );
});

describe('Any plain value', () => {
  // Jest takes two sets of an invalid date each for different, so those have a test of their own.
  const validDate = fc.date({ noInvalidDate: true });
  const plain = fc.anything({
    values: [fc.boolean(), fc.integer(), fc.double(), fc.string(), fc.constantFrom(null, undefined), validDate],
    withBigInt: true,
    withMap: true,
    withSet: true,
    withNullPrototype: true,
    withSparseArray: true,
    withTypedArray: true,
    maxDepth: 4,
  });

  it('is equal to its copy, in every mode', () => {
    fc.assert(
      fc.property(plain, fc.constantFrom('freeze' as const, 'clone' as const, 'share' as const), (source, mode) => {
        const { value, form } = isolate(source, mode);
        expect(value).toStrictEqual(source);
        expect(form === 'cloned' ? cloneForReader(value) : value).toStrictEqual(source);
      }),
      { numRuns: 500 },
    );
  });

  it.each(['freeze', 'clone'] as const)('may hold an invalid date, in mode %s', (mode) => {
    const { value } = isolate([new Date(Number.NaN), new Set([new Date(Number.NaN)])], mode);
    const [date, set] = value as [Date, Set<Date>];
    for (const copy of [date, ...set]) expect(copy.getTime()).toBe(Number.NaN);
    expect(set.size).toBe(1);
  });

  it('shares no changeable object with its copy', () => {
    const objectsOf = (root: unknown, found = new Set<object>()): Set<object> => {
      if (typeof root !== 'object' || root === null || found.has(root)) return found;
      found.add(root);
      if (types.isMap(root)) for (const [key, item] of root) objectsOf(item, objectsOf(key, found));
      else if (types.isSet(root)) for (const item of root) objectsOf(item, found);
      else if (!ArrayBuffer.isView(root)) for (const item of Object.values(root)) objectsOf(item, found);
      return found;
    };
    fc.assert(
      fc.property(plain, (source) => {
        const { value, form } = isolate(source, 'freeze');
        const theirs = objectsOf(source);
        const ours = [...objectsOf(value)];
        expect(ours.filter((object) => theirs.has(object))).toEqual([]);
        expect(form === 'cloned' || ours.every((object) => Object.isFrozen(object))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

describe('Plainness', () => {
  it.each<[string, object, boolean]>([
    ['a literal', {}, true],
    ['what JSON.parse makes', JSON.parse('{"a":1}') as object, true],
    ['an object without prototype', Object.create(null) as object, true],
    ['a literal of another realm', runInNewContext('({})') as object, true],
    ['an instance of a class', new Account(1), false],
    ['an object whose prototype is a literal', Object.create({ a: 1 }) as object, false],
    ['an object whose prototype has none itself', Object.create(Object.create(null) as object) as object, false],
    [
      'an object whose prototype has a method that Object has',
      Object.create({ isPrototypeOf: (): boolean => false }) as object,
      false,
    ],
    ['a Date', new Date(0), false],
    ['an array', [], false],
  ])('is asked of %s', (_words, value, plain) => {
    expect(isPlainObject(value)).toBe(plain);
  });

  it.each<[string, object]>([
    ['Account', new Account(1)],
    ['Object', {}],
    ['', Object.create(null) as object],
    ['', new (class {})()],
    ['', Object.create({ constructor: 'Account' }) as object],
  ])('aside, the name of the class is %p', (name, value) => {
    expect(classNameOf(value)).toBe(name);
  });
});
