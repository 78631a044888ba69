import { describe, expect, it } from '@jest/globals';
import { slotOf } from '../../../lib/redis/cluster/slot.js';

describe('The slot of a key', () => {
  it.each([
    // The check value of CRC-16 with this polynomial, 0x31c3.
    ['123456789', 0x31c3],
    ['foo', 12_182],
    ['', 0],
  ])('is that of its bytes: %j', (key, slot) => {
    expect(slotOf(key)).toBe(slot);
  });

  it.each([
    ['{foo}', 'foo'],
    ['a{foo}b', 'foo'],
    ['a{foo}{bar}', 'foo'],
    ['a{{foo}}b', '{foo'],
  ])('is that of what stands in the first braces: %j', (key, hashed) => {
    expect(slotOf(key)).toBe(slotOf(`{${hashed}}`));
    expect(slotOf(key)).toBe(slotOf(`x{${hashed}}y`));
  });

  it.each(['foo{}bar', '{}', 'a{b', 'a}b{', '{}{a}'])(
    'is that of all of it where nothing stands in them: %j',
    (key) => {
      const whole = key.replaceAll('{', '(').replaceAll('}', ')');
      // Two that differ in one letter alone have slots of their own, which shows that all letters count.
      expect(slotOf(`${key}1`)).not.toBe(slotOf(`${key}2`));
      expect(slotOf(`1${key}`)).not.toBe(slotOf(`2${key}`));
      expect(slotOf(whole)).toBeLessThan(16_384);
    },
  );
});
