import { describe, expect, it } from '@jest/globals';
import { RetryTimes } from '../../../lib/engine/retry-times.js';

describe('When a key may be loaded again', () => {
  it('is known until then', () => {
    const times = new RetryTimes();
    times.note('k', 100);
    expect([times.of('k', 50), times.of('k', 99), times.of('other', 50)]).toEqual([100, 100, undefined]);
  });

  it('is forgotten once it is over and was asked for', () => {
    const times = new RetryTimes();
    times.note('k', 100);
    times.note('later', 200);
    expect([times.of('k', 100), times.of('k', 100), times.of('later', 100)]).toEqual([100, undefined, 200]);
  });

  it('is known of no more than 10,000 keys', () => {
    const times = new RetryTimes();
    for (let number = 0; number < 10_000; number++) times.note(`k${number}`, 100);
    expect([times.of('k0', 50), times.of('k9999', 50)]).toEqual([100, 100]);
    times.note('one more', 100);
    expect([times.of('k9999', 50), times.of('one more', 50)]).toEqual([undefined, 100]);
  });
});
