import { describe, expect, it } from '@jest/globals';
import { Histogram } from './staleness.js';

function histogramOf(values: readonly number[]): Histogram {
  const histogram = new Histogram();
  for (const value of values) histogram.add(value);
  return histogram;
}

describe('A histogram', () => {
  it('knows quantiles to one part in a hundred, and the largest exactly', () => {
    const histogram = histogramOf(Array.from({ length: 10_000 }, (_, index) => (index + 1) / 10));
    expect(histogram.count).toBe(10_000);
    expect(histogram.max).toBe(1_000);
    for (const share of [0.5, 0.9, 0.99, 0.999]) {
      expect(histogram.quantile(share)).toBeGreaterThanOrEqual(share * 1_000);
      expect(histogram.quantile(share)).toBeLessThan(share * 1_000 * 1.011);
    }
  });

  it('says of one value that all are that', () => {
    const histogram = histogramOf([0.3]);
    expect([0.5, 0.99, 1].map((share) => histogram.quantile(share))).toEqual([0.3, 0.3, 0.3]);
  });

  it('takes what is hardly anything, and says nothing of nothing', () => {
    expect(histogramOf([0, 0.000_01]).quantile(1)).toBeLessThan(0.001);
    expect(histogramOf([]).quantile(0.5)).toBe(0);
  });

  it('puts each value into the bucket that ends there or next', () => {
    const filled = histogramOf([0.1, 0.11, 499, 500, 9_999]).buckets.filter(({ count }) => count > 0);
    expect(filled).toEqual([
      { upTo: 0.1, count: 1 },
      { upTo: 0.2, count: 1 },
      { upTo: 500, count: 2 },
      { upTo: Number.POSITIVE_INFINITY, count: 1 },
    ]);
  });
});
