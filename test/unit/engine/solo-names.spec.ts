import { describe, expect, it } from '@jest/globals';
import { SoloNames } from '../../../lib/engine/solo-names.js';

describe('A function whose results each process keeps for itself', () => {
  it.each([
    ['find(1)', 'find(2)', true],
    ['find(1)', 'find', true],
    ['find', 'find(1)', true],
    ['find(1)', 'findAll(1)', false],
    ['(1)', '(2)', true],
    ['(1)', '1', false],
  ])('is known by its name, without the arguments of a call: by %s, %s', (key, other, isKnown) => {
    const names = new SoloNames();
    expect(names.has(other)).toBe(false);
    names.add(key);
    expect([names.has(key), names.has(other)]).toEqual([true, isKnown]);
    names.delete(other);
    expect(names.has(key)).toBe(!isKnown);
  });

  it('is known if it is one of the first thousand', () => {
    const names = new SoloNames();
    const numbers = Array.from({ length: 1_001 }, (_, number) => `f${number}()`);
    for (const key of numbers) names.add(key);
    expect(numbers.filter((key) => !names.has(key))).toEqual(['f1000()']);
  });
});
