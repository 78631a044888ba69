import { describe, expect, it } from '@jest/globals';
import { seededRandom } from '../support/seeded-random.js';
import { growthOf, type Sight, trendOf } from './growth.js';

const MB = 2 ** 20;

/** Eleven sights of one process over so many minutes. */
function sights(
  minutes: number,
  heapAt: (share: number) => number,
  listenersAt = (_share: number): number => 30,
): Sight[] {
  return Array.from({ length: 11 }, (_, index) => {
    const share = index / 10;
    return {
      ...{ by: 'p0', at: share * minutes, heap: heapAt(share), rss: 0, handles: 4, timers: 2, resources: {} },
      listeners: listenersAt(share),
    };
  });
}

const growing = (of: readonly Sight[]): readonly string[] =>
  growthOf(of)
    .filter(({ isGrowing }) => isGrowing)
    .map(({ what }) => what);

describe('What a process holds', () => {
  it('rises by what the straight line says', () => {
    const trend = trendOf([0, 1, 2, 3, 4].map((at) => [at, 10 + 2 * at]));
    expect(trend.rise).toBeCloseTo(8);
    expect(trend.error).toBeCloseTo(0);
  });

  it('is flat when it only trembles', () => {
    const random = seededRandom(1);
    expect(growing(sights(120, () => 12 * MB + random() * 2 * MB))).toEqual([]);
  });

  it('is flat after a warm-up', () => {
    expect(growing(sights(120, (share) => (share < 0.2 ? 5 * MB : 12 * MB)))).toEqual([]);
  });

  it('grows when it rises steadily, in two hours and in five minutes', () => {
    const random = seededRandom(1);
    expect(growing(sights(120, (share) => 12 * MB + share * 6 * MB + random() * MB))).toEqual(['heap']);
    expect(growing(sights(5, (share) => 12 * MB + share * 6 * MB))).toEqual(['heap']);
  });

  it('grows when listeners are added and never taken away', () => {
    const heap = (): number => 12 * MB;
    expect(growing(sights(120, heap, (share) => 30 + share * 40))).toEqual(['listeners']);
    expect(growing(sights(120, heap, (share) => 30 + (Math.round(share * 40) % 3)))).toEqual([]);
  });

  it('is not told of who was hardly seen', () => {
    expect(growthOf(sights(120, () => MB).slice(0, 4))).toEqual([]);
  });
});
