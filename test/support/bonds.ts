import { Ledger } from '../../lib/coherence/ledger.js';
import { Trust } from '../../lib/coherence/trust.js';
import type { Clock } from '../../lib/core/clock.js';
import { systemRandom } from '../../lib/core/random.js';
import { DigestNames } from '../../lib/redis/digest-names.js';
import type { RedisLink } from '../../lib/redis/link.js';
import { RedisBond } from '../../lib/redis/redis-bond.js';
import type { CopyKeeping } from '../../lib/redis/shared-scripts.js';
import { NoMemoryTier } from '../../lib/tiers/no-memory.tier.js';

/** A process that shares a tier by this link, and has nothing in memory; it has joined. */
export async function bondOn(link: RedisLink, clock: Clock, copies: CopyKeeping): Promise<RedisBond> {
  const ledger = new Ledger(new NoMemoryTier(), () => undefined, { knows: 'what it hears' });
  const bucketOf = (): number => 0;
  const nothing = (): void => undefined;
  let reached: () => void = nothing;
  const joined = new Promise<void>((resolve) => {
    reached = resolve;
  });
  const bond = new RedisBond({
    trust: new Trust({ ledger, bound: 2_000, detachedTtl: 60_000, bucketOf, buckets: 1 }),
    ...{ links: [link], clock, random: systemRandom, prefix: 'shop', cache: 'default', bucketOf },
    ...{ bound: 2_000, limit: 250, serializer: undefined, copies, names: new DigestNames() },
    effects: { key: nothing, tag: nothing, all: nothing },
    onReached: () => reached(),
    onError: nothing,
  });
  await bond.open();
  await joined;
  return bond;
}
