import { describe, expect, it } from '@jest/globals';
import { Entry, type Form } from '../../../lib/core/entry.js';
import { answer, answerOf } from '../../../lib/engine/answer.js';
import { endingTerms } from '../../../lib/policy/terms.js';

const entryOf = (form: Form, value: unknown): Entry =>
  new Entry({
    key: 'k',
    value,
    terms: endingTerms(form),
    tags: [],
    position: 0,
    born: 0,
    freshUntil: 1,
    quietUntil: 0,
    loadMs: 0,
  });

describe('An entry answers', () => {
  it('with the very value that all share, and from the second hit on with one promise', async () => {
    const value = { a: 1 };
    const entry = entryOf('shared', value);
    expect(answerOf(entry)).toBe(value);
    expect(await answer(entry)).toBe(value);
    expect(answer(entry)).toBe(answer(entry));
  });

  it('with a copy for each', async () => {
    const value = new Map([['a', 1]]);
    const entry = entryOf('cloned', value);
    for (const copy of [answerOf(entry), await answer(entry), await answer(entry)]) {
      expect(copy).toEqual(value);
      expect(copy).not.toBe(value);
    }
  });

  it.each([null, undefined])('with %p that is remembered', async (value) => {
    const entry = entryOf('negative', value);
    expect(answerOf(entry)).toBe(value);
    expect(await answer(entry)).toBe(value);
  });

  it('with the very error that is remembered', async () => {
    const error = new Error('not found');
    const entry = entryOf('error', error);
    expect(() => answerOf(entry)).toThrow(error);
    await expect(answer(entry)).rejects.toBe(error);
  });
});
