import { describe, expect, it } from '@jest/globals';
import { adopt, cloneForReader, type Isolation, isolate } from '../../../lib/policy/isolation.js';
import { decodeValue, encodeValue } from '../../../lib/wire/value-codec.js';
import fc from '../../support/properties.js';
import { nested } from './nested-cells.js';

class Account {
  readonly rates = { low: 1 };
}

const isFrozenThrough = (value: unknown): boolean =>
  typeof value !== 'object' ||
  value === null ||
  (Object.isFrozen(value) && Object.values(value).every(isFrozenThrough));

describe('A value that nobody else has', () => {
  it('is frozen as it is, down to its ends', () => {
    const value = { list: [{ a: 1 }, []], inner: { deep: { b: [null, 'x'] } } };
    expect(adopt(value, 'freeze')).toEqual({ value, form: 'shared' });
    expect(adopt(value, 'freeze').value).toBe(value);
    expect(isFrozenThrough(value)).toBe(true);
  });

  it.each<[string, unknown]>([
    ['a date', new Date(5)],
    ['a map', new Map([['a', { b: 1 }]])],
    ['a set', new Set([1])],
    ['a buffer', Buffer.from('abc')],
    ['a typed array', new Float64Array([1, 2])],
  ])('is cloned for each reader if it is or holds %s', (_words, part) => {
    for (const value of [part, [part], { inner: { part } }, [{ a: {} }, { part }, { z: {} }]]) {
      const adopted = adopt(value, 'freeze');
      expect(adopted).toEqual({ value, form: 'cloned' });
      const mine = cloneForReader(adopted.value);
      expect(mine).toStrictEqual(value);
      expect(mine).not.toBe(value);
      // What was frozen on the way is not so in the copies, nor can it be told by one reader what another did.
      expect(Object.isFrozen(mine)).toBe(false);
    }
  });

  it('is shared, and frozen around it, where it holds an instance of a class', () => {
    const value = { account: new Account() };
    expect(adopt(value, 'freeze')).toEqual({ value, form: 'shared' });
    expect([value, value.account].map(Object.isFrozen)).toEqual([true, false]);
  });

  it('is left alone where nobody is kept from it', () => {
    const value = { list: [1] };
    expect(adopt(value, 'share')).toEqual({ value, form: 'shared' });
    expect(Object.isFrozen(value)).toBe(false);
    expect(adopt(value, 'clone')).toEqual({ value, form: 'cloned' });
    expect(Object.isFrozen(value.list)).toBe(false);
  });

  it.each<unknown>(['text', 7, true, 7n, null, undefined])('is as good as shared if it is %p', (value) => {
    for (const isolation of ['freeze', 'clone', 'share'] as const) {
      expect(adopt(value, isolation)).toEqual({ value, form: 'shared' });
    }
  });

  it('stays changeable where it is an instance of a class, as one that was loaded', () => {
    const value = { account: new Account(), list: [1] };
    const adopted = adopt(value, 'freeze').value as typeof value;
    const isolated = isolate(value, 'freeze').value as typeof value;
    for (const one of [adopted, isolated]) {
      expect([Object.isFrozen(one.account), Object.isFrozen(one.account.rates)]).toEqual([false, false]);
      expect(Object.isFrozen(one.list)).toBe(true);
    }
  });

  it('may have parts that meet again, and be deep', () => {
    const shared = { a: 1 };
    const circle: Record<string, unknown> = { one: shared, two: shared };
    circle['self'] = [circle];
    expect(adopt(circle, 'freeze').form).toBe('shared');
    expect([Object.isFrozen(shared), Object.isFrozen(circle['self'])]).toEqual([true, true]);
    expect(adopt(nested(100_000), 'freeze').form).toBe('shared');
  });

  it('becomes what a load of it would have become', () => {
    const leaf = fc.oneof(
      ...[fc.string(), fc.integer(), fc.constant(null), fc.date({ noInvalidDate: true })],
      fc.uint8Array({ maxLength: 3 }).map((bytes) => Buffer.from(bytes)),
    );
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(fc.string({ maxLength: 3 }), tie('tree'), { maxKeys: 3, noNullPrototype: true }),
        fc.array(fc.tuple(fc.string(), tie('tree')), { maxLength: 2 }).map((pairs) => new Map(pairs)),
      ),
    }));
    const isolation = fc.constantFrom<Isolation>('freeze', 'clone', 'share');
    fc.assert(
      fc.property(tree, isolation, (value, mode) => {
        const [ours, theirs] = [isolate(value, mode), adopt(decodeValue(encodeValue(value)), mode)];
        expect(theirs).toStrictEqual(ours);
        expect(theirs.form === 'cloned' || mode === 'share' || isFrozenThrough(theirs.value)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
