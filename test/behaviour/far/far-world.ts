import { BucketKeys, nameOf } from '../../../lib/redis/keys.js';
import { FaultyTier } from '../../../lib/testing/index.js';
import type { FarTier, LayerCacheOptions } from '../../../lib/index.js';
import { Cluster, type Member, type MemberParts } from '../../support/cluster.js';

const KEYS = new BucketKeys({ prefix: 'shop', cache: 'default', bucket: 0, audience: '0' });

export interface Asked {
  readonly verb: 'get' | 'set' | 'delete';
  readonly key: string;
  readonly ttlMs?: number;
}

/** A far tier that writes down what it is asked, and that a test can look into and change. */
export class WatchedTier implements FarTier {
  readonly name: string;
  readonly asked: Asked[] = [];
  readonly kept = new Map<string, Uint8Array>();
  /** What it does not do though it says so. */
  forgets: Asked['verb'] | undefined;

  constructor(name = 'far') {
    this.name = name;
  }

  get(key: string): Promise<Uint8Array | undefined> {
    this.asked.push({ verb: 'get', key });
    return Promise.resolve(this.forgets === 'get' ? undefined : this.kept.get(key));
  }

  set(key: string, bytes: Uint8Array, ttlMs: number): Promise<void> {
    this.asked.push({ verb: 'set', key, ttlMs });
    if (this.forgets !== 'set') this.kept.set(key, bytes);
    return Promise.resolve();
  }

  delete(key: string): Promise<void> {
    this.asked.push({ verb: 'delete', key });
    if (this.forgets !== 'delete') this.kept.delete(key);
    return Promise.resolve();
  }

  count(verb: Asked['verb']): number {
    return this.asked.filter((one) => one.verb === verb).length;
  }
}

/** Processes with far tiers, one Redis, and one time that stands still. */
export class FarWorld {
  readonly far = new WatchedTier();
  readonly faulty = new FaultyTier(this.far);
  readonly cluster: Cluster;
  readonly tiers: readonly FarTier[];
  #loads = 0;

  constructor(options: LayerCacheOptions = {}, tiers?: readonly FarTier[]) {
    this.cluster = new Cluster({ ttl: '1h', ...options });
    this.tiers = tiers ?? [this.faulty];
  }

  join(options: LayerCacheOptions = {}, parts: MemberParts = {}): Promise<Member> {
    return this.cluster.join({ tiers: this.tiers, ...options }, parts);
  }

  /** How often the source was asked. */
  get loads(): number {
    return this.#loads;
  }

  /** Answers with the number of the load. */
  readonly load = (): Promise<string> => Promise.resolve(`v${++this.#loads}`);

  async read({ cache }: Member, key = 'k', options: Parameters<Member['cache']['getOrSet']>[2] = {}): Promise<unknown> {
    const value = await cache.getOrSet(key, this.load, options);
    await this.cluster.settle();
    return value;
  }

  /** Redis makes room: the entry goes, and all else stays. */
  evict(key = 'k'): void {
    this.cluster.server.delete(KEYS.entry(nameOf(key)));
  }

  /** Redis forgets which record was the latest. */
  evictLatest(key = 'k'): void {
    this.cluster.server.delete(KEYS.latest(nameOf(key)));
  }
}

/** A process whose far tier alone still has the value `v1` of `k`. */
export async function withCopy(options: LayerCacheOptions = {}): Promise<{ world: FarWorld; a: Member; b: Member }> {
  const world = new FarWorld(options);
  const a = await world.join();
  await world.read(a);
  world.evict();
  return { world, a, b: await world.join() };
}
