import { describe, expect, it } from '@jest/globals';
import fc from '../../support/properties.js';
import { keyOf } from './call-key.js';

describe('The key of a call with long arguments', () => {
  const DIGEST = /^Users\.find\([#%][A-Za-z0-9_-]{43}\)$/;

  it.each([
    ['text', (length: number): unknown[] => ['x'.repeat(length - 1)]],
    ['a list', (length: number): unknown[] => [['x'.repeat(length - 4)]]],
    ['several', (length: number): unknown[] => ['x', 'y'.repeat(length - 6)]],
  ])('of %s is readable up to 200 characters, and above that has a digest of 256 bits', (_words, make) => {
    expect(keyOf(...make(200))).toHaveLength('Users.find()'.length + 200);
    expect(keyOf(...make(200))).not.toMatch(DIGEST);
    expect(keyOf(...make(201))).toMatch(DIGEST);
    expect(keyOf(...make(100_000))).toMatch(DIGEST);
  });

  it('differs in every character, wherever it is', () => {
    const base = 'x'.repeat(300);
    const texts = Array.from({ length: 300 }, (_, at) => `${base.slice(0, at)}y${base.slice(at + 1)}`);
    expect(new Set([base, ...texts].map((text) => keyOf(text))).size).toBe(301);
  });

  it('is not that of another kind of argument with the same text', () => {
    const text = 'x'.repeat(300);
    const calls = [[text], [[text]], [{ a: text }], [text, 'y'], [`"${text}"`], [`'${text}`], [new Set([text])]];
    expect(new Set(calls.map((args) => keyOf(...args))).size).toBe(calls.length);
  });

  it('is not that of its own digest given as an argument', () => {
    const key = keyOf('x'.repeat(300));
    const digest = key.slice('Users.find('.length, -1);
    expect(keyOf(digest)).not.toBe(key);
  });

  it('tells apart texts that differ only in halves of surrogate pairs', () => {
    const pad = 'x'.repeat(200);
    const halves = [
      '\ud800',
      '\ud801',
      '\udbff',
      '\udc00',
      '\udfff',
      '\ufffd',
      '\ud83e\udd8a',
      '\udd8a\ud83e',
      '?',
      '',
    ];
    const keys = halves.flatMap((half) => [keyOf(`${pad}${half}`), keyOf(`${half}${pad}!`), keyOf([`${pad}${half}`])]);
    expect(new Set(keys).size).toBe(3 * halves.length);
    for (const key of keys) expect(key).toMatch(DIGEST);
  });

  it('tells apart any two long texts, well-formed or not', () => {
    const pad = 'x'.repeat(200);
    const units = fc.array(fc.constantFrom(0x41, 0xd800, 0xd801, 0xdc00, 0xfffd, 0x00, 0xff), { maxLength: 3 });
    fc.assert(
      fc.property(units, units, (a, b) => {
        const one = pad + String.fromCharCode(...a);
        const other = pad + String.fromCharCode(...b);
        expect(keyOf(one) === keyOf(other)).toBe(one === other);
      }),
      { numRuns: 500 },
    );
  });
});
