import { describe, expect, it } from '@jest/globals';
import { Stream } from '../../../lib/coherence/stream.js';

const SID = `${'1'.repeat(16)}-${'a'.repeat(15)}`;

describe('A stream that hears more than was published', () => {
  it('is not confirmed for ever by replies that say less', () => {
    const applied: number[] = [];
    const nothing = (): void => undefined;
    let losses = 0;
    const stream = new Stream(2_000, {
      apply: ({ n }) => applied.push(n),
      lost: () => void losses++,
      doubt: nothing,
      deaf: nothing,
    });
    stream.saw({ sid: SID, n: 7 }, 0, 1);
    losses = 0;
    let n = 7;
    // Each reply is two milliseconds on its way, and one message comes in each.
    for (let now = 10; now < 20_000; now++) {
      stream.heard({ kind: 'key', sid: SID, n: ++n, nonce: 'x'.repeat(15), name: 'k:other' }, now);
      if (now % 600 === 0) stream.saw({ sid: SID, n: 8 }, now - 2, now);
    }
    expect(losses > 0 || stream.until < 20_000 - 4_000).toBe(true);
  });
});
