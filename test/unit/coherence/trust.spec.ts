import { describe, expect, it } from '@jest/globals';
import { Ledger } from '../../../lib/coherence/ledger.js';
import { ALWAYS_TRUSTED, Trust } from '../../../lib/coherence/trust.js';
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
  const hold = (key: string): Entry => {
    const entry = taggedEntry({ key, tags: [], position: ledger.position });
    ledger.admitNew(entry);
    return entry;
  };
  return { ledger, trust, hold };
}

/** One that was reached and confirmed at 0. */
function trusted(buckets = 1) {
  const made = world(buckets);
  made.trust.reached(0);
  for (let bucket = 0; bucket < buckets; bucket++) made.trust.confirm(bucket, BOUND);
  return made;
}

describe('Trust that was never won', () => {
  it('lets memory answer nothing by itself, and Redis not be asked', () => {
    const { trust, hold } = world();
    expect([trust.until, trust.isReachable(0)]).toEqual([Number.NEGATIVE_INFINITY, false]);
    expect(trust.standingOf(hold('0'), 0)).toEqual({ since: Number.NEGATIVE_INFINITY });
  });

  it('is not won by a confirmation or by a write alone', () => {
    const [confirmed, reached] = [world().trust, world().trust];
    confirmed.confirm(0, BOUND);
    reached.reached(0);
    expect([confirmed.until, reached.until]).toEqual([Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]);
  });
});

describe('Trust', () => {
  it('lasts until the earliest of its ends', () => {
    const { trust } = trusted(2);
    expect(trust.until).toBe(BOUND);
    trust.confirm(0, 5_000);
    trust.reached(9_000);
    expect(trust.until).toBe(BOUND);
    trust.confirm(1, 7_000);
    expect(trust.until).toBe(5_000);
    trust.confirm(0, 30_000);
    trust.confirm(1, 30_000);
    expect(trust.until).toBe(9_000 + BOUND);
  });

  it('is not shortened by what was sent earlier', () => {
    const { trust } = trusted();
    trust.reached(1_000);
    trust.reached(500);
    expect([trust.isReachable(2_999), trust.isReachable(3_000)]).toEqual([true, false]);
  });

  it('ends where a stream begins anew', () => {
    const { trust } = trusted();
    trust.confirm(0, Number.NEGATIVE_INFINITY);
    expect(trust.until).toBe(Number.NEGATIVE_INFINITY);
  });

  it('holds to its end when the connection breaks, but nothing can be asked', () => {
    const { trust, hold } = trusted();
    const entry = hold('0');
    trust.cut();
    expect([trust.until, trust.isReachable(100)]).toEqual([BOUND, false]);
    expect(trust.standingOf(entry, 100)).toBe('proven');
    expect(trust.standingOf(entry, BOUND)).toEqual({ since: BOUND });
  });

  it('ends at once when who answers is not the one to ask', () => {
    const { trust, hold } = trusted();
    const entry = hold('0');
    trust.depose(100);
    expect([trust.until, trust.isReachable(100)]).toEqual([100, false]);
    expect(trust.standingOf(entry, 100)).toEqual({ since: 100 });
    trust.depose(500);
    expect(trust.until).toBe(100);
  });

  it('that is only out of date lets Redis be asked', () => {
    const { trust, hold } = trusted();
    const entry = hold('0');
    trust.reached(3_000);
    expect(trust.standingOf(entry, 3_000)).toBe('ask');
    trust.confirm(0, 3_000 + BOUND);
    expect(trust.standingOf(entry, 3_000)).toBe('proven');
  });
});

describe('A loss while Redis is within reach', () => {
  it('makes Redis the one to ask about what was there, and not about what comes', () => {
    const { trust, hold } = trusted();
    const before = hold('0a');
    trust.lose(0, 100);
    expect([trust.standingOf(before, 100), trust.standingOf(hold('0b'), 100)]).toEqual(['ask', 'proven']);
  });

  it('concerns its bucket alone', () => {
    const { trust, hold } = trusted(2);
    const [here, there] = [hold('0'), hold('1')];
    trust.lose(0, 100);
    expect([trust.standingOf(here, 100), trust.standingOf(there, 100)]).toEqual(['ask', 'proven']);
  });

  it('counts from then on if Redis is out of reach afterwards', () => {
    const { trust, hold } = trusted();
    const entry = hold('0');
    trust.lose(0, 100);
    trust.cut();
    expect(trust.standingOf(entry, 200)).toBe('ask');
    expect(trust.standingOf(entry, BOUND)).toEqual({ since: 100 });
  });
});

describe('A loss by an outage', () => {
  it('leaves what was there served for a while, from the end of trust on', () => {
    const { trust, hold } = trusted();
    const entry = hold('0');
    trust.cut();
    trust.reached(10_000);
    trust.lose(0, 10_001);
    trust.confirm(0, 10_000 + BOUND);
    expect(trust.standingOf(entry, 10_001)).toEqual({ since: BOUND });
    expect(trust.standingOf(hold('0'), 10_001)).toBe('proven');
  });

  it('does so only while what comes since is heard', () => {
    const { trust, hold } = trusted();
    const entry = hold('0');
    trust.cut();
    trust.reached(10_000);
    trust.lose(0, 10_001);
    trust.reached(11_900);
    expect(trust.standingOf(entry, 11_901)).toBe('ask');
  });

  it('does so if the trust ran out before the connection broke', () => {
    const { trust, hold } = trusted();
    const entry = hold('0');
    trust.lose(0, 10_000);
    trust.reached(10_001);
    trust.confirm(0, 10_001 + BOUND);
    expect(trust.standingOf(entry, 10_002)).toEqual({ since: BOUND });
  });

  it('is none where the position shows that nothing was missed', () => {
    const { trust, hold } = trusted();
    const entry = hold('0');
    trust.cut();
    trust.reached(10_000);
    trust.confirm(0, 10_000 + BOUND);
    expect(trust.standingOf(entry, 10_001)).toBe('proven');
    trust.lose(0, 10_002);
    expect(trust.standingOf(entry, 10_003)).toBe('ask');
  });

  it('is one also where the last messages before it came after the connection broke', () => {
    const { trust, hold } = trusted();
    const entry = hold('0');
    trust.cut();
    // The channel is heard a moment longer than data comes, and brings what an earlier reply had told of.
    trust.confirm(0, 100 + BOUND);
    trust.reached(10_000);
    trust.lose(0, 10_001);
    trust.confirm(0, 10_000 + BOUND);
    expect(trust.standingOf(entry, 10_001)).toEqual({ since: 100 + BOUND });
  });

  it('is one also where a gap was heard while nothing could be asked', () => {
    const { trust, hold } = trusted();
    const entry = hold('0');
    trust.cut();
    trust.lose(0, 100);
    trust.reached(10_000);
    trust.lose(0, 10_001);
    trust.confirm(0, 10_000 + BOUND);
    expect(trust.standingOf(entry, 10_001)).toEqual({ since: 100 });
  });

  it('and one within reach soon after are two', () => {
    const { trust, hold } = trusted();
    const entry = hold('0');
    trust.cut();
    trust.lose(0, 100);
    trust.reached(200);
    trust.confirm(0, 200 + BOUND);
    trust.lose(0, 300);
    expect(trust.standingOf(entry, 400)).toBe('ask');
  });

  it('followed by a loss within reach makes Redis the one to ask', () => {
    const { trust, hold } = trusted();
    const entry = hold('0');
    trust.cut();
    trust.reached(10_000);
    trust.lose(0, 10_001);
    trust.confirm(0, 10_000 + BOUND);
    trust.lose(0, 10_500);
    expect(trust.standingOf(entry, 10_600)).toBe('ask');
  });

  it('is as good as one with another soon after, and counts from the first', () => {
    const { trust, hold } = trusted();
    const first = hold('0a');
    trust.lose(0, 10_000);
    const second = hold('0b');
    trust.lose(0, 10_900);
    trust.reached(10_900);
    trust.confirm(0, 10_900 + BOUND);
    expect(trust.standingOf(first, 10_901)).toEqual({ since: BOUND });
    expect(trust.standingOf(second, 10_901)).toEqual({ since: BOUND });
  });

  it('is never forgotten by what has not been looked at since, however many follow', () => {
    const { trust, hold } = trusted();
    const oldest = hold('0');
    let now = 0;
    for (let number = 0; number < 100; number++) {
      now += 10_000;
      trust.cut();
      trust.reached(now);
      trust.lose(0, now + 1);
      trust.confirm(0, now + BOUND);
    }
    const standing = trust.standingOf(oldest, now + 2);
    expect(standing).toEqual({ since: expect.any(Number) });
    expect(now + 2 - (standing as { since: number }).since).toBeGreaterThanOrEqual(DETACHED_TTL);
    expect(trust.standingOf(hold('0'), now + 2)).toBe('proven');
  });
});

describe('Memory alone', () => {
  it('is trusted for ever', () => {
    expect([ALWAYS_TRUSTED.until, ALWAYS_TRUSTED.standingOf(world().hold('0'), 1)]).toEqual([
      Number.POSITIVE_INFINITY,
      'proven',
    ]);
  });
});
