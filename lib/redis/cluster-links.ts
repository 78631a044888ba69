import type { Cancel, Clock } from '../core/clock.js';
import type { Random } from '../core/random.js';
import type { ClusterAddress, NodeAddress } from '../policy/redis-cluster.js';
import { BucketLink } from './bucket-link.js';
import { exposureOf, ownOptions } from './client-options.js';
import { ClusterMap } from './cluster-map.js';
import { ClusterNode } from './cluster-node.js';
import { Complaints } from './complaints.js';
import { type Driver, type DriverClient, loadDriver, made } from './driver.js';
import { BucketKeys } from './keys.js';
import { slotOf } from './slot.js';

/** Into how many parts the keys of a cache are divided on a cluster. For ever: another number would have the same keys elsewhere. */
const BUCKETS = 16;
const FIRST_PAUSE = 50;
const LONGEST_PAUSE = 1_000;
/** So many are asked at once who owns what; the first answer counts. */
const ASKED_AT_ONCE = 3;

export interface ClusterLinksParts {
  readonly cluster: ClusterAddress;
  readonly prefix: string;
  readonly cache: string;
  readonly clock: Clock;
  readonly random: Random;
  /** How long an answer is waited for, in milliseconds. */
  readonly limit: number;
  readonly warn: (message: string) => void;
  /** Loads the driver. Default: imports ioredis. */
  readonly load?: () => Promise<unknown>;
}

/**
 * The ways to the buckets of a cluster. Each owner of a slot of ours is connected to as a single Redis would be, by clients that
 * send nothing twice and follow nobody; who owns what is asked for when an owner is lost, or says that it is none.
 */
export class ClusterLinks {
  readonly links: readonly BucketLink[];
  readonly #parts: ClusterLinksParts;
  readonly #complaints: Complaints;
  readonly #nodes = new Map<string, ClusterNode>();
  #known: readonly NodeAddress[];
  #driver: Driver | undefined;
  #opening: Promise<void> | undefined;
  #closing: Promise<void> | undefined;
  #isLooking = false;
  #looksAgain = false;
  /** Looks in a row after which some bucket had no owner that can be reached. */
  #vain = 0;
  #stopTimer: Cancel = () => undefined;

  constructor(parts: ClusterLinksParts) {
    const { cluster, prefix, cache, clock } = parts;
    this.#parts = parts;
    this.#known = cluster.nodes;
    this.#complaints = new Complaints(clock, (error) => this.links[0]?.failed(error));
    const moves = {
      open: () => (this.#opening ??= this.#open()),
      close: () => (this.#closing ??= this.#close()),
      lookAround: () => this.#lookAround(),
    };
    this.links = Array.from({ length: BUCKETS }, (_, bucket) => {
      const { state } = new BucketKeys({ prefix, cache, bucket, audience: '' });
      return new BucketLink(slotOf(state), moves);
    });
  }

  async #open(): Promise<void> {
    this.#driver = await loadDriver(this.#parts.load);
    const { cluster, warn } = this.#parts;
    const exposures = cluster.nodes.map(({ host }) => exposureOf({ ...cluster.connection, host }));
    for (const exposure of new Set(exposures)) if (exposure !== undefined) warn(exposure);
    this.#lookAround();
  }

  async #close(): Promise<void> {
    this.#stopTimer();
    await Promise.all([...this.#nodes.values()].map((node) => node.close()));
  }

  #lookAround(): void {
    if (this.#closing !== undefined || this.#driver === undefined) return;
    this.#looksAgain = this.#isLooking;
    if (!this.#isLooking) void this.#look(this.#driver);
  }

  async #look(driver: Driver): Promise<void> {
    this.#isLooking = true;
    this.#stopTimer();
    try {
      this.#follow(await this.#askAround(driver), driver);
    } catch (error) {
      this.#complaints.add(error);
    }
    this.#isLooking = false;
    if (this.#closing !== undefined) return;
    const isWhole = this.links.every(({ connection }) => connection !== undefined);
    this.#vain = isWhole ? 0 : this.#vain + 1;
    if (isWhole && !this.#looksAgain) return;
    const pause = Math.min(FIRST_PAUSE * 2 ** this.#vain, LONGEST_PAUSE);
    this.#stopTimer = this.#parts.clock.after(pause, () => this.#lookAround());
  }

  /** Some who answer of those who are known, none of them always first: who lost an election may not know that yet. */
  async #askAround(driver: Driver): Promise<ClusterMap> {
    const nodes = shuffled([...this.#known, ...this.#parts.cluster.nodes], this.#parts.random);
    let failure: unknown;
    for (let first = 0; first < nodes.length; first += ASKED_AT_ONCE) {
      const asked = nodes.slice(first, first + ASKED_AT_ONCE).map((node) => this.#ask(node, driver));
      try {
        return await Promise.any(asked);
      } catch (error) {
        [failure] = (error as AggregateError).errors as unknown[];
      }
    }
    throw failure;
  }

  async #ask(node: NodeAddress, driver: Driver): Promise<ClusterMap> {
    const { cluster, clock } = this.#parts;
    const client = this.#client(node, driver, 'map');
    // Its failure is told by the promise.
    client.on('error', () => undefined);
    const stop = clock.after(LONGEST_PAUSE, () => client.disconnect());
    try {
      await client.connect();
      const map = ClusterMap.of(await client.cluster('SLOTS'), node, cluster.reachedAt);
      if (map.nodes.length === 0) throw new Error(`${node.host}:${node.port} knows of no cluster`);
      return map;
    } finally {
      stop();
      client.disconnect();
    }
  }

  #follow(map: ClusterMap, driver: Driver): void {
    if (this.#closing !== undefined) return;
    this.#known = map.nodes;
    for (const link of this.links) {
      const owner = map.ownerOf(link.slot);
      if (owner === undefined) link.leave();
      else link.moveTo(this.#nodeAt(owner, driver));
    }
    for (const [name, node] of this.#nodes) {
      if (!node.isIdle) continue;
      this.#nodes.delete(name);
      void node.close();
    }
  }

  #nodeAt(address: NodeAddress, driver: Driver): ClusterNode {
    const name = `${address.host}:${address.port}`;
    const known = this.#nodes.get(name);
    if (known !== undefined) return known;
    const { clock, random, limit } = this.#parts;
    const node = new ClusterNode({
      ...{ address, clock, random, patience: limit },
      data: this.#client(address, driver, 'data'),
      subscriber: this.#client(address, driver, 'subscriber'),
      lookAround: () => this.#lookAround(),
      failed: (error) => this.#complaints.add(error),
    });
    this.#nodes.set(name, node);
    node.start();
    return node;
  }

  #client({ host, port }: NodeAddress, driver: Driver, use: 'map' | 'data' | 'subscriber'): DriverClient {
    const { cluster, prefix, cache } = this.#parts;
    const ends = { data: '', subscriber: ':subscriber', map: ':map' };
    const options = ownOptions({ ...cluster.connection, host, port }, `layercache:${prefix}:${cache}${ends[use]}`);
    // To the driver the channels of shards are keys.
    return made(() => new driver.Redis(use === 'subscriber' ? { ...options, keyPrefix: '' } : options));
  }
}

function shuffled<T>(list: readonly T[], random: Random): readonly T[] {
  return list
    .map((one) => ({ one, place: random() }))
    .sort((first, second) => first.place - second.place)
    .map(({ one }) => one);
}
