import { describe, expect, it } from '@jest/globals';
import { Ledger } from '../../../lib/coherence/ledger.js';
import { ALWAYS_TRUSTED, type BucketTrust, Trust } from '../../../lib/coherence/trust.js';
import type { Entry } from '../../../lib/core/entry.js';
import { MemoryTier } from '../../../lib/tiers/memory.tier.js';
import { taggedEntry } from './tagged-entry.js';

const BOUND = 2_000;
const DETACHED_TTL = 60_000;

/** Of keys `0…` and `1…`, which lie in buckets of these numbers. */
function world(buckets = 1) {
  const ledger = new Ledger(new MemoryTier({ max: 100, maxBytes: undefined }), () => undefined, {
    knows: 'what it hears',
  });
  const bucketOf = (key: string): number => Number(key[0]);
  const trust = new Trust({ ledger, bound: BOUND, detachedTtl: DETACHED_TTL, bucketOf, buckets });
  const hold = (key: string, born = 0, loadMs = 0): Entry => {
    const entry = taggedEntry({ key, tags: [], position: ledger.position, born, loadMs });
    ledger.admitNew(entry);
    return entry;
  };
  const [bucket, other] = trust.buckets as [BucketTrust, BucketTrust];
  return { ledger, trust, bucket, other, hold };
}

/** One that was reached and confirmed at 0. */
function trusted(buckets = 1) {
  const made = world(buckets);
  for (const bucket of made.trust.buckets) {
    bucket.reached(0);
    bucket.confirm(BOUND);
  }
  return made;
}

describe('Trust that was never won', () => {
  it('lets memory answer nothing by itself, and Redis not be asked', () => {
    const { trust, bucket, hold } = world();
    expect([trust.until, bucket.isReachable(0)]).toEqual([Number.NEGATIVE_INFINITY, false]);
    expect(trust.standingOf(hold('0'), 0)).toEqual({ since: Number.NEGATIVE_INFINITY });
  });

  it('is not won by a confirmation or by a write alone', () => {
    const [confirmed, reached] = [world().bucket, world().bucket];
    confirmed.confirm(BOUND);
    reached.reached(0);
    expect([confirmed.until, reached.until]).toEqual([Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]);
  });
});

describe('Trust', () => {
  it('lasts until the earliest of its ends', () => {
    const { trust, bucket, other } = trusted(2);
    expect(trust.until).toBe(BOUND);
    bucket.confirm(5_000);
    bucket.reached(9_000);
    expect(trust.until).toBe(BOUND);
    other.reached(9_000);
    other.confirm(7_000);
    expect(trust.until).toBe(5_000);
    bucket.confirm(30_000);
    other.confirm(30_000);
    expect(trust.until).toBe(9_000 + BOUND);
  });

  it('is not shortened by what was sent earlier', () => {
    const { bucket } = trusted();
    bucket.reached(1_000);
    bucket.reached(500);
    expect([bucket.isReachable(2_999), bucket.isReachable(3_000)]).toEqual([true, false]);
  });

  it('ends where a stream begins anew', () => {
    const { trust, bucket } = trusted();
    bucket.confirm(Number.NEGATIVE_INFINITY);
    expect(trust.until).toBe(Number.NEGATIVE_INFINITY);
  });

  it('holds to its end when the connection breaks, but nothing can be asked', () => {
    const { trust, bucket, hold } = trusted();
    const entry = hold('0');
    bucket.cut();
    expect([trust.until, bucket.isReachable(100)]).toEqual([BOUND, false]);
    expect(trust.standingOf(entry, 100)).toBe('proven');
    expect(trust.standingOf(entry, BOUND)).toEqual({ since: BOUND });
  });

  it('ends at once when who answers is not the one to ask', () => {
    const { trust, bucket, hold } = trusted();
    const entry = hold('0');
    bucket.depose(100);
    expect([trust.until, bucket.isReachable(100)]).toEqual([100, false]);
    expect(trust.standingOf(entry, 100)).toEqual({ since: 100 });
    bucket.depose(500);
    expect(trust.until).toBe(100);
  });

  it('is told for a key by the bucket that it is in', () => {
    const { trust, other } = trusted(2);
    other.reached(9_000);
    other.confirm(7_000);
    expect([trust.untilOf('0'), trust.untilOf('1')]).toEqual([BOUND, 7_000]);
  });

  it('that ran out while nobody looked lets Redis be asked, until it does not answer', () => {
    const { trust, bucket, hold } = trusted();
    const entry = hold('0');
    const sight = (now: number): unknown[] => [bucket.mayBeReached(now), trust.standingOf(entry, now)];
    expect(sight(BOUND)).toEqual([true, 'ask']);
    bucket.miss();
    expect([bucket.mayBeReached(BOUND - 1), ...sight(BOUND)]).toEqual([true, false, { since: BOUND }]);
    bucket.reached(BOUND);
    expect(sight(2 * BOUND)).toEqual([true, 'ask']);
    bucket.cut();
    expect(sight(2 * BOUND)).toEqual([false, { since: BOUND }]);
  });

  it('that is only out of date lets Redis be asked', () => {
    const { trust, bucket, hold } = trusted();
    const entry = hold('0');
    bucket.reached(3_000);
    expect(trust.standingOf(entry, 3_000)).toBe('ask');
    bucket.confirm(3_000 + BOUND);
    expect(trust.standingOf(entry, 3_000)).toBe('proven');
  });
});

describe('A loss while Redis is within reach', () => {
  it('makes Redis the one to ask about what was there, and not about what comes', () => {
    const { trust, bucket, hold } = trusted();
    const before = hold('0a');
    bucket.lose(100, 'a part');
    expect([trust.standingOf(before, 100), trust.standingOf(hold('0b'), 100)]).toEqual(['ask', 'proven']);
  });

  it('concerns its bucket alone', () => {
    const { trust, bucket, hold } = trusted(2);
    const [here, there] = [hold('0'), hold('1')];
    bucket.lose(100, 'a part');
    expect([trust.standingOf(here, 100), trust.standingOf(there, 100)]).toEqual(['ask', 'proven']);
  });

  it('counts from then on if Redis is out of reach afterwards', () => {
    const { trust, bucket, hold } = trusted();
    const entry = hold('0');
    bucket.lose(100, 'a part');
    bucket.cut();
    expect(trust.standingOf(entry, 200)).toBe('ask');
    expect(trust.standingOf(entry, BOUND)).toEqual({ since: 100 });
  });
});

describe('A loss by an outage', () => {
  it('leaves what was there served for a while, from the end of trust on', () => {
    const { trust, bucket, hold } = trusted();
    const entry = hold('0');
    bucket.cut();
    bucket.reached(10_000);
    bucket.lose(10_001, 'the end');
    bucket.confirm(10_000 + BOUND);
    expect(trust.standingOf(entry, 10_001)).toEqual({ since: BOUND });
    expect(trust.standingOf(hold('0'), 10_001)).toBe('proven');
  });

  it('makes Redis the one to ask about what was loaded before it, where Redis has forgotten nothing', () => {
    const { trust, bucket, hold } = trusted();
    const [before, meanwhile] = [hold('0a', BOUND - 1), hold('0b', BOUND)];
    bucket.cut();
    bucket.reached(10_000);
    bucket.lose(10_001, 'a part');
    bucket.confirm(10_000 + BOUND);
    expect(trust.standingOf(before, 10_001)).toBe('ask');
    expect(trust.standingOf(meanwhile, 10_001)).toEqual({ since: BOUND });
  });

  it('makes Redis the one to ask also about what had begun to load before it', () => {
    const { trust, bucket, hold } = trusted();
    const [before, meanwhile] = [hold('0a', BOUND + 99, 100), hold('0b', BOUND + 100, 100)];
    bucket.cut();
    bucket.reached(10_000);
    bucket.lose(10_001, 'a part');
    bucket.confirm(10_000 + BOUND);
    expect(trust.standingOf(before, 10_001)).toBe('ask');
    expect(trust.standingOf(meanwhile, 10_001)).toEqual({ since: BOUND });
  });

  it.each([
    ['the end', 'a part', 'ask'],
    ['a part', 'the end', { since: 400 }],
  ] as const)('after which Redis had lost %s says nothing of one soon after, with %s', (first, second, expected) => {
    const { trust, bucket, hold } = trusted();
    bucket.cut();
    bucket.lose(100, first);
    const between = hold('0');
    bucket.depose(400);
    bucket.lose(400, second);
    bucket.reached(400);
    bucket.confirm(400 + BOUND);
    expect(trust.standingOf(between, 401)).toEqual(expected);
  });

  it('a second and more after another counts from its own beginning', () => {
    const { trust, bucket, hold } = trusted();
    bucket.cut();
    bucket.lose(100, 'the end');
    const between = hold('0');
    bucket.depose(1_100);
    bucket.lose(1_100, 'the end');
    bucket.reached(1_100);
    bucket.confirm(1_100 + BOUND);
    expect(trust.standingOf(between, 1_101)).toEqual({ since: 1_100 });
  });

  it('does so only while what comes since is heard', () => {
    const { trust, bucket, hold } = trusted();
    const entry = hold('0');
    bucket.cut();
    bucket.reached(10_000);
    bucket.lose(10_001, 'the end');
    bucket.reached(11_900);
    expect(trust.standingOf(entry, 11_901)).toBe('ask');
  });

  it('does so if the trust ran out before the connection broke', () => {
    const { trust, bucket, hold } = trusted();
    const entry = hold('0');
    bucket.lose(10_000, 'the end');
    bucket.reached(10_001);
    bucket.confirm(10_001 + BOUND);
    expect(trust.standingOf(entry, 10_002)).toEqual({ since: BOUND });
  });

  it('is none where the position shows that nothing was missed', () => {
    const { trust, bucket, hold } = trusted();
    const entry = hold('0');
    bucket.cut();
    bucket.reached(10_000);
    bucket.confirm(10_000 + BOUND);
    expect(trust.standingOf(entry, 10_001)).toBe('proven');
    bucket.lose(10_002, 'the end');
    expect(trust.standingOf(entry, 10_003)).toBe('ask');
  });

  it('is one also where the last messages before it came after the connection broke', () => {
    const { trust, bucket, hold } = trusted();
    const entry = hold('0');
    bucket.cut();
    // The channel is heard a moment longer than data comes, and brings what an earlier reply had told of.
    bucket.confirm(100 + BOUND);
    bucket.reached(10_000);
    bucket.lose(10_001, 'the end');
    bucket.confirm(10_000 + BOUND);
    expect(trust.standingOf(entry, 10_001)).toEqual({ since: 100 + BOUND });
  });

  it('is one also where a gap was heard while nothing could be asked', () => {
    const { trust, bucket, hold } = trusted();
    const entry = hold('0');
    bucket.cut();
    bucket.lose(100, 'the end');
    bucket.reached(10_000);
    bucket.lose(10_001, 'the end');
    bucket.confirm(10_000 + BOUND);
    expect(trust.standingOf(entry, 10_001)).toEqual({ since: 100 });
  });

  it('and one within reach soon after are two', () => {
    const { trust, bucket, hold } = trusted();
    const entry = hold('0');
    bucket.cut();
    bucket.lose(100, 'the end');
    bucket.reached(200);
    bucket.confirm(200 + BOUND);
    bucket.lose(300, 'the end');
    expect(trust.standingOf(entry, 400)).toBe('ask');
  });

  it('followed by a loss within reach makes Redis the one to ask', () => {
    const { trust, bucket, hold } = trusted();
    const entry = hold('0');
    bucket.cut();
    bucket.reached(10_000);
    bucket.lose(10_001, 'the end');
    bucket.confirm(10_000 + BOUND);
    bucket.lose(10_500, 'the end');
    expect(trust.standingOf(entry, 10_600)).toBe('ask');
  });

  it('is as good as one with another soon after, and counts from the first', () => {
    const { trust, bucket, hold } = trusted();
    const first = hold('0a');
    bucket.lose(10_000, 'the end');
    const second = hold('0b');
    bucket.lose(10_900, 'the end');
    bucket.reached(10_900);
    bucket.confirm(10_900 + BOUND);
    expect(trust.standingOf(first, 10_901)).toEqual({ since: BOUND });
    expect(trust.standingOf(second, 10_901)).toEqual({ since: BOUND });
  });

  it('is never forgotten by what has not been looked at since, however many follow', () => {
    const { trust, bucket, hold } = trusted();
    const oldest = hold('0');
    let now = 0;
    for (let number = 0; number < 100; number++) {
      now += 10_000;
      bucket.cut();
      bucket.reached(now);
      bucket.lose(now + 1, 'the end');
      bucket.confirm(now + BOUND);
    }
    const standing = trust.standingOf(oldest, now + 2);
    expect(standing).toEqual({ since: expect.any(Number) });
    expect(now + 2 - (standing as { since: number }).since).toBeGreaterThanOrEqual(DETACHED_TTL);
    expect(trust.standingOf(hold('0'), now + 2)).toBe('proven');
  });
});

describe('Memory alone', () => {
  it('is trusted for ever', () => {
    const { until, untilOf, standingOf } = ALWAYS_TRUSTED;
    const forever = Number.POSITIVE_INFINITY;
    expect([until, untilOf('0'), standingOf(world().hold('0'), 1)]).toEqual([forever, forever, 'proven']);
  });
});
