import { types } from 'node:util';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { cloneForReader, isolate } from '../../../lib/policy/isolation.js';

describe('A value that holds what cannot be frozen', () => {
  const unfreezable: readonly [string, object][] = [
    ['a Date', new Date(5)],
    ['a Map', new Map([['a', { b: 1 }]])],
    ['a Set', new Set([{ b: 1 }])],
    ['a Buffer', Buffer.from('abc')],
    ['an empty Buffer', Buffer.alloc(0)],
    ['a typed array', new Float64Array([1, -0, Number.NaN])],
    ['bigints in a typed array', new BigInt64Array([1n, -1n])],
    ['an ArrayBuffer', new Uint8Array([1, 2, 3]).buffer],
    ['a DataView', new DataView(new Uint8Array([1, 2, 3, 4]).buffer, 1, 2)],
    ['a Date of another realm', runInNewContext('new Date(5)') as Date],
    ['a Map of another realm', runInNewContext('new Map([["a", new Date(5)]])') as object],
    ['what structuredClone makes of a Map', structuredClone(new Map([['a', 1]]))],
  ];

  it.each(unfreezable)('(%s) is cloned for each reader, wherever it is in it', (_words, part) => {
    for (const source of [part, { part }, [[part]], new Map([[part, part]])]) {
      const { value, form } = isolate(source, 'freeze');
      expect(form).toBe('cloned');
      const one = cloneForReader(value);
      const other = cloneForReader(value);
      expect(one).toEqual(value);
      expect(one).not.toBe(value);
      expect(one).not.toBe(other);
    }
  });

  it.each(unfreezable)('(%s) is not frozen in any copy', (_words, part) => {
    const { value } = isolate({ part, plain: { list: [1] } }, 'freeze');
    const copy = cloneForReader(value) as { part: object; plain: { list: number[] } };
    expect(copy.part).not.toBe(part);
    expect(Object.isFrozen(copy.plain)).toBe(false);
    copy.plain.list.push(2);
    expect((cloneForReader(value) as typeof copy).plain.list).toEqual([1]);
  });

  it('gives each reader a Date, a Map, a Set and bytes of the same contents', () => {
    const source = {
      date: new Date(5),
      map: new Map<unknown, unknown>([['k', new Date(6)]]),
      set: new Set<unknown>([1, 'a']),
      buffer: Buffer.from('abc'),
      view: new DataView(new Uint8Array([9, 8, 7, 6]).buffer, 1, 2),
    };
    const copy = cloneForReader(isolate(source, 'freeze').value) as typeof source;
    expect(types.isDate(copy.date) && copy.date.getTime()).toBe(5);
    expect([...copy.map.keys()]).toEqual(['k']);
    expect((copy.map.get('k') as Date).getTime()).toBe(6);
    expect(copy.map.get('k')).not.toBe(source.map.get('k'));
    expect([...copy.set]).toEqual([1, 'a']);
    expect(Buffer.isBuffer(copy.buffer)).toBe(true);
    expect(copy.buffer.toString()).toBe('abc');
    expect([copy.view.byteLength, copy.view.getUint8(0), copy.view.getUint8(1)]).toEqual([2, 8, 7]);
  });

  it('keeps a Date that is invalid so', () => {
    const copy = cloneForReader(isolate({ at: new Date(Number.NaN) }, 'freeze').value) as { at: Date };
    expect(types.isDate(copy.at) && copy.at.getTime()).toBeNaN();
  });

  it('gives each reader bytes of its own', () => {
    const source = { bytes: Buffer.from('abc') };
    const stored = isolate(source, 'freeze').value;
    source.bytes[0] = 0;
    (cloneForReader(stored) as typeof source).bytes[0] = 0;
    expect((cloneForReader(stored) as typeof source).bytes.toString()).toBe('abc');
  });

  it('keeps cycles and shared parts through a Map and a Set', () => {
    const part = { a: 1 };
    const source = new Map<unknown, unknown>();
    source.set('self', source);
    source.set(part, new Set([part, source]));
    const copy = cloneForReader(isolate(source, 'freeze').value) as typeof source;
    const [key] = [...copy.keys()].filter((name) => typeof name === 'object');
    expect(copy).not.toBe(source);
    expect(copy.get('self')).toBe(copy);
    expect(key).toEqual(part);
    expect(key).not.toBe(part);
    expect([...(copy.get(key) as Set<unknown>)]).toEqual([key, copy]);
    expect((copy.get(key) as Set<unknown>).has(copy)).toBe(true);
  });

  it('is copied though Maps are nested 100,000 levels deep', () => {
    let source = new Map<string, unknown>();
    for (let level = 0; level < 100_000; level++) source = new Map([['next', source]]);
    let depth = 0;
    let level: unknown = cloneForReader(isolate(source, 'freeze').value);
    for (; types.isMap(level); level = (level as Map<string, unknown>).get('next')) depth++;
    expect(depth).toBe(100_001);
  });
});
