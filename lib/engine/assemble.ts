import { type Clock, systemClock } from '../core/clock.js';
import { composeObservers, type Warn } from '../core/observer.js';
import { type Random, systemRandom } from '../core/random.js';
import { Journal } from '../coherence/journal.js';
import { Ledger } from '../coherence/ledger.js';
import { ALWAYS_TRUSTED, Trust } from '../coherence/trust.js';
import { Reporter } from '../observe/reporter.js';
import type { LayerCacheSettings } from '../policy/resolve-options.js';
import { Retention } from '../policy/retention.js';
import { ClusterLinks } from '../redis/cluster/cluster-links.js';
import { DigestNames, digestsOf } from '../redis/digest-names.js';
import { IoredisLink } from '../redis/ioredis-link.js';
import { bucketOf, nameOf } from '../redis/keys.js';
import type { RedisLink } from '../redis/link.js';
import { RedisBond } from '../redis/redis-bond.js';
import { FarChain } from '../tiers/far-chain.js';
import { GuardedTier } from '../tiers/guarded.tier.js';
import { MemoryTier } from '../tiers/memory.tier.js';
import type { NearTier, OnEvict } from '../tiers/near-tier.js';
import { NoMemoryTier } from '../tiers/no-memory.tier.js';
import type { Voucher } from '../tiers/shared-tier.js';
import { Admission } from './admission.js';
import { Bypass } from './bypass.js';
import { CallPolicy } from './call-policy.js';
import { Drain } from './drain.js';
import { LayerCache } from './engine.js';
import { Farther } from './farther.js';
import { Fetches } from './fetch.js';
import { Flights } from './flight.js';
import { Invalidate } from './invalidate.js';
import { Joining } from './joining.js';
import { KeyScope } from './key-scope.js';
import { affordableLoadChain, type LoadChain } from './load-chain.js';
import { LoadSlots } from './load-slots.js';
import { Look } from './look.js';
import { Miss } from './miss.js';
import { Peek } from './peek.js';
import { Put } from './put.js';
import { type Beyond, ReadThrough } from './read-through.js';
import { Refresh } from './refresh.js';
import { RetryTimes } from './retry-times.js';
import { Sharing } from './sharing.js';
import { Shortcuts, TrackedTier } from './shortcuts.js';
import { SoloNames } from './solo-names.js';
import { Tell } from './tell.js';
import { unwritableIn } from './unwritable.js';
import { Wait } from './wait.js';

/** What a cache is assembled from, besides its options. */
export interface AssemblyParts {
  readonly name: string;
  readonly clock?: Clock;
  readonly random?: Random;
  readonly near?: (onEvict: OnEvict) => NearTier;
  readonly drain?: Drain;
  readonly warn: Warn;
  readonly links?: readonly RedisLink[];
  readonly opens?: 'now' | 'by ready()';
}

/** What everything in a cache works with. */
interface Ground {
  readonly settings: LayerCacheSettings;
  readonly name: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly drain: Drain;
  readonly warn: Warn;
  readonly near: NearTier;
  readonly reporter: Reporter;
  readonly retention: Retention;
  readonly flights: Flights;
}

/** Puts the parts of a cache together. */
export function assemble(settings: LayerCacheSettings, parts: AssemblyParts): LayerCache {
  const { name, clock = systemClock, random = systemRandom, drain = new Drain(), warn } = parts;
  const events = composeObservers(name, settings.observers, warn);
  const shortcuts = new Shortcuts();
  const links = settings.enabled ? (parts.links ?? linksOf(settings, { name, clock, random, warn })) : undefined;
  const names = links && new DigestNames();
  const onEvict: OnEvict = (entry, cause) => {
    shortcuts.forget(entry.key);
    names?.forget(entry);
    events.evict?.(entry.key, cause);
  };
  const tier = parts.near?.(onEvict) ?? nearTierOf(settings, onEvict);
  const near = new TrackedTier(tier, shortcuts, names);
  const reporter = new Reporter(
    events,
    near,
    links === undefined ? [] : ['redis', ...settings.tiers.map((each) => each.name)],
  );
  const retention = new Retention(settings.isolation, random, links === undefined ? 'memory' : 'memory and another');
  const flights = new Flights();
  const ground = { settings, name, clock, random, drain, warn, near, reporter, retention, flights };
  const floor =
    links === undefined || names === undefined ? memoryAlone(ground) : memoryAndRedis(ground, { links, names });

  if (parts.opens !== 'by ready()') void floor.joining?.begin().catch(() => undefined);
  const { ledger, trust, admission, beyond, sharing, invalidate } = floor;
  const { detachedTtl } = settings;
  const look = new Look({ near, ledger, trust, reporter, detachedTtl, salt: Math.floor(random() * 2 ** 32) });
  const callPolicy = new CallPolicy(settings.policy, warn, links === undefined ? 'memory' : 'memory and another');
  const chain: LoadChain = affordableLoadChain(process.versions.node, process.env['NODE_ENV']);
  const slots = new LoadSlots(settings.loads, chain.complete ? undefined : clock);
  const miss = new Miss({ clock, near, ledger, flights, slots, chain, retention, admission, look, sharing, reporter });
  const refresh = new Refresh({ slots, miss, drain, reporter });
  const wait = new Wait({ clock, admission, look, chain, drain, reporter, isShared: links !== undefined });
  return new LayerCache({
    ...{
      enabled: settings.enabled,
      clock,
      near: tier,
      ledger,
      trust,
      callPolicy,
      shortcuts,
      invalidate,
      reporter,
      drain,
    },
    peek: new Peek({ clock, ledger, look, beyond, policy: settings.policy, reporter }),
    put: new Put({ clock, ledger, retention, admission, invalidate, tell: floor.tell, reporter }),
    readThrough: new ReadThrough({
      ...{ clock, random, ledger, trust, flights, beyond, slots, look, miss, refresh, wait, reporter },
    }),
    bypass: new Bypass(reporter),
    scope: settings.keyContext && new KeyScope(settings.keyContext, reporter, warn),
    joining: floor.joining,
  });
}

function nearTierOf({ memory }: LayerCacheSettings, onEvict: OnEvict): NearTier {
  return memory === false ? new NoMemoryTier() : new MemoryTier(memory, onEvict);
}

function linksOf(
  { redis, prefix }: LayerCacheSettings,
  { name, clock, random, warn }: { name: string; clock: Clock; random: Random; warn: Warn },
): readonly RedisLink[] | undefined {
  if (redis === undefined) return undefined;
  const cluster = redis.target.cluster();
  if (cluster === undefined) {
    return [new IoredisLink({ settings: redis, name: `${prefix}:${name}`, clock, random, warn })];
  }
  const place = { prefix: prefix ?? '', cache: name };
  return new ClusterLinks({ cluster, ...place, clock, random, warn, limit: redis.commandTimeout }).links;
}

/** What there is of coherence, and what is beyond memory. */
interface Floor {
  readonly ledger: Ledger;
  readonly trust: Pick<Trust, 'until' | 'untilOf' | 'standingOf'>;
  readonly admission: Admission;
  readonly invalidate: Invalidate;
  readonly beyond: Beyond | undefined;
  readonly sharing: Sharing | undefined;
  readonly tell: Tell | undefined;
  readonly joining: Joining | undefined;
}

function memoryAlone({ near, flights, reporter }: Ground): Floor {
  const ledger = new Ledger(near, (entry) => reporter.evict(entry.key, 'invalidated'));
  const invalidate = new Invalidate({ near, ledger, flights, fetches: undefined, beyond: undefined, reporter });
  const none = { beyond: undefined, sharing: undefined, tell: undefined, joining: undefined };
  return { ledger, trust: ALWAYS_TRUSTED, admission: new Admission(ledger), invalidate, ...none };
}

interface Redis {
  /** One for each bucket. */
  readonly links: readonly RedisLink[];
  readonly names: DigestNames;
}

function memoryAndRedis(ground: Ground, { links, names }: Redis): Floor {
  const { settings, clock, drain, warn, near, reporter, retention, flights } = ground;
  const { staleBound: bound, detachedTtl } = settings;
  const limit = settings.redis?.commandTimeout ?? 250;
  const onRefused = (entry: { readonly key: string }): void => reporter.evict(entry.key, 'invalidated');
  const inBucket = (key: string): number => bucketOf(key, links.length);
  const ledger = new Ledger(near, onRefused, { knows: 'what it hears', bucketOf: inBucket });
  const trust = new Trust({ ledger, bound, detachedTtl, bucketOf: inBucket, buckets: links.length });
  const journal = new Journal({ parts: { count: links.length, of: inBucket } });
  const bond: RedisBond = new RedisBond({
    ...{ links, clock, random: ground.random, trust, bound, limit, bucketOf: inBucket },
    ...{ prefix: settings.prefix ?? '', cache: ground.name, serializer: settings.redis?.serializer },
    copies: settings.tiers.length === 0 ? 'not kept' : 'kept',
    names,
    effects: {
      key: (key) => invalidate.keyHere(key),
      tag: (tag, bucket) => invalidate.tagHere(tag, bucket),
      all: (bucket) => invalidate.allHere(bucket),
    },
    onReached: () => {
      if (shared.isWhole) joining.joined();
      tell.repeat();
    },
    onError: (during, error) => reporter.error(during, error),
  });
  const shared = bond.tier;
  const farther = fartherOf(ground, bond.voucher, journal);
  const admission = new Admission(ledger, { clock, journal, detachedTtl, digestsOf });
  const retryTimes = new RetryTimes();
  const saysUnwritable = unwritableIn(settings.memory);
  const fetches = new Fetches({
    ...{ clock, near, ledger, trust, journal, shared, retention, admission, retryTimes, reporter, bound },
    farther,
  });
  const tell = new Tell({ clock, shared, journal, drain, reporter, warn, saysUnwritable, limit, detachedTtl, farther });
  const invalidate = new Invalidate({ near, ledger, flights, fetches, beyond: { shared, tell }, reporter });
  const solo = new SoloNames();
  const sharing = new Sharing({
    clock,
    ledger,
    shared,
    journal,
    retention,
    solo,
    retryTimes,
    reporter,
    drain,
    warn,
    saysUnwritable,
    farther,
  });
  const joining = new Joining(bond, clock, warn);
  return {
    ledger,
    trust,
    admission,
    invalidate,
    beyond: { fetches, tier: shared.name, bound, goesFarther: farther !== undefined },
    sharing,
    tell,
    joining,
  };
}

function fartherOf(ground: Ground, voucher: Voucher, journal: Journal): Farther | undefined {
  const { settings, name, clock, drain, reporter } = ground;
  if (settings.tiers.length === 0) return undefined;
  const onError = (during: string, error: unknown): void => reporter.error(during, error);
  const chain = new FarChain(settings.tiers.map((tier) => new GuardedTier(tier, { clock, onError })));
  const call = (key: string): string => `${settings.prefix}:${name}:${nameOf(key)}`;
  return new Farther({ clock, chain, voucher, journal, drain, reporter, nameOf: call });
}
