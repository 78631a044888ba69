import { describe, expect, it } from '@jest/globals';
import { systemRandom } from '../../../lib/core/random.js';

describe('The system randomness', () => {
  // More than one filling of its reserve.
  const draws = Array.from({ length: 5_000 }, systemRandom);

  it('lies from 0 up to, but not including, 1', () => {
    expect(Math.min(...draws)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...draws)).toBeLessThan(1);
  });

  it('differs from draw to draw, also across refills of its reserve', () => {
    // Of 5,000 numbers out of 2^32 more than ten equal pairs are out of the question.
    expect(new Set(draws).size).toBeGreaterThan(4_990);
  });

  it('reaches every tenth of its range about as often', () => {
    const tenths = Array.from({ length: 10 }, () => 0);
    for (const draw of draws) tenths[Math.floor(draw * 10)] = (tenths[Math.floor(draw * 10)] as number) + 1;
    for (const count of tenths) {
      expect(count).toBeGreaterThan(300);
      expect(count).toBeLessThan(700);
    }
  });
});
