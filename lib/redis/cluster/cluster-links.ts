import type { Cancel, Clock } from '../../core/clock.js';
import type { Random } from '../../core/random.js';
import type { ClusterAddress, NodeAddress } from '../../policy/redis-cluster.js';
import { BucketLink } from './bucket-link.js';
import { exposureOf, ownOptions } from '../client-options.js';
import type { ClusterMap } from './cluster-map.js';
import { ClusterNode } from './cluster-node.js';
import { ClusterSurvey } from './cluster-survey.js';
import { Complaints } from '../complaints.js';
import { type Driver, type DriverClient, loadDriver, made } from '../driver.js';
import { BucketKeys } from '../keys.js';
import { slotOf } from './slot.js';

/** Into how many parts the keys of a cache are divided on a cluster. For ever: another number would have the same keys elsewhere. */
const BUCKETS = 16;
const FIRST_PAUSE = 50;
const LONGEST_PAUSE = 1_000;

/** To the driver the channels of shards are keys; and in a pipeline one that is elsewhere would leave all others without an answer. */
const HEARING = { keyPrefix: '', enableAutoPipelining: false };

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
  /** Those that were left and are not gone yet. */
  readonly #leaving = new Set<Promise<void>>();
  #driver: Driver | undefined;
  #survey: ClusterSurvey | undefined;
  #opening: Promise<void> | undefined;
  #closing: Promise<void> | undefined;
  /** Whether it is being looked, or was just now. */
  #isBusy = false;
  #isWanted = false;
  /** Looks in a row that changed nothing. */
  #vain = 0;
  #stopTimer: Cancel = () => undefined;

  constructor(parts: ClusterLinksParts) {
    const { prefix, cache, clock } = parts;
    this.#parts = parts;
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
    const driver = await loadDriver(this.#parts.load);
    const { cluster, warn, clock, random } = this.#parts;
    if (this.#closing !== undefined) return;
    this.#driver = driver;
    const exposures = cluster.nodes.map(({ host }) => exposureOf({ ...cluster.connection, host }));
    for (const exposure of new Set(exposures)) if (exposure !== undefined) warn(exposure);
    const clientTo = (node: NodeAddress): DriverClient => this.#client(node, driver, 'map');
    this.#survey = new ClusterSurvey({ cluster, clock, random, clientTo });
    this.#lookAround();
  }

  async #close(): Promise<void> {
    this.#stopTimer();
    this.#survey?.close();
    for (const [name, node] of this.#nodes) this.#end(name, node);
    await Promise.all(this.#leaving);
  }

  #end(name: string, node: ClusterNode): void {
    this.#nodes.delete(name);
    const gone = node.close().finally(() => this.#leaving.delete(gone));
    this.#leaving.add(gone);
  }

  /** At once where all was well; otherwise when it is time again, for whoever is not where it should be is told so with every command. */
  #lookAround(): void {
    this.#isWanted = true;
    if (!this.#isBusy) void this.#look();
  }

  async #look(): Promise<void> {
    const [survey, driver] = [this.#survey, this.#driver];
    if (survey === undefined || driver === undefined || this.#closing !== undefined) return;
    this.#isBusy = true;
    this.#isWanted = false;
    let isNews = false;
    try {
      isNews = this.#follow(await survey.map(), driver);
    } catch (error) {
      this.#complaints.add(error);
    }
    this.#vain = isNews ? 0 : this.#vain + 1;
    if (this.#closing === undefined) this.#stopTimer = this.#parts.clock.after(this.#pause, () => this.#rest());
  }

  #rest(): void {
    this.#isBusy = false;
    const isWhole = this.links.every(({ connection }) => connection !== undefined);
    if (this.#isWanted || !isWhole) void this.#look();
    else this.#vain = 0;
  }

  /** No two processes at the same time. */
  get #pause(): number {
    const longest = Math.min(FIRST_PAUSE * 2 ** this.#vain, LONGEST_PAUSE);
    return longest * (0.5 + this.#parts.random() / 2);
  }

  /** Whether something has changed. */
  #follow(map: ClusterMap, driver: Driver): boolean {
    if (this.#closing !== undefined) return false;
    let isNews = false;
    for (const link of this.links) {
      const address = map.ownerOf(link.slot);
      if (link.moveTo(address && this.#nodeAt(address, driver))) isNews = true;
    }
    for (const [name, node] of this.#nodes) if (node.isIdle) this.#end(name, node);
    return isNews;
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
    return made(() => new driver.Redis(use === 'subscriber' ? { ...options, ...HEARING } : options));
  }
}
