import { createLayerCache, type LayerCache, type LayerCacheOptions, type LayerCacheParts } from '../../lib/index.js';
import { ManualClock, RecordingObserver } from '../../lib/testing/index.js';
import { ModelledRedis } from '../simulation/modelled-redis.js';
import { ModelledLink } from './modelled-link.js';
import { seededRandom } from './seeded-random.js';

/** The server's clock is another than that of the processes. */
const SERVER_STARTED = 1_763_000_000_000;

/** One process of a cluster: a cache, its link, and what it was heard to do. */
export interface Member {
  readonly cache: LayerCache;
  /** Of the first bucket, which mostly is the only one. */
  readonly link: ModelledLink;
  readonly links: readonly ModelledLink[];
  readonly heard: RecordingObserver;
  readonly warnings: readonly string[];
}

/** What a process is made with, where it is not to be the usual. */
export type MemberParts = Pick<LayerCacheParts, 'name' | 'random' | 'near' | 'drain' | 'warn'>;

/** Several processes on one modelled Redis, in one time that stands still until a test advances it. */
export class Cluster {
  readonly clock = new ManualClock(1_000);
  readonly server: ModelledRedis;
  readonly #options: LayerCacheOptions;
  readonly #buckets: number;
  #members = 0;
  #micros = 0;

  /** Of every process. Jitter is off, so that every end comes when it is expected. */
  constructor(options: LayerCacheOptions = {}, buckets = 1) {
    this.#options = options;
    this.#buckets = buckets;
    this.server = new ModelledRedis({ time: () => this.micros, runId: `${'a'.repeat(40)}:${'b'.repeat(40)}` });
  }

  /** The server's clock, which shows no instant twice. */
  get micros(): number {
    const micros = Math.floor((SERVER_STARTED + this.clock.now()) * 1_000);
    this.#micros = Math.max(micros, this.#micros + 1);
    return this.#micros;
  }

  /** A process that has not joined yet. */
  begin(
    options: LayerCacheOptions = {},
    prepare: (link: ModelledLink) => void = () => undefined,
    parts: MemberParts = {},
  ): Member {
    const links = Array.from({ length: this.#buckets }, () => new ModelledLink(this.server));
    for (const one of links) prepare(one);
    const heard = new RecordingObserver();
    const warnings: string[] = [];
    const all: LayerCacheOptions = {
      ...{ jitter: 0, prefix: 'shop', redis: { url: 'redis://modelled' } },
      ...this.#options,
      ...options,
    };
    const cache = createLayerCache(
      { ...all, observers: [heard, ...(all.observers ?? [])] },
      {
        ...{ links, clock: this.clock, random: seededRandom(++this.#members) },
        warn: (message) => warnings.push(message),
        ...parts,
      },
    );
    return { cache, link: links[0] as ModelledLink, links, heard, warnings };
  }

  /** A process that has joined. */
  async join(options: LayerCacheOptions = {}, parts: MemberParts = {}): Promise<Member> {
    const member = this.begin(options, undefined, parts);
    await member.cache.ready();
    await this.settle();
    return member;
  }

  /** Lets everything happen that needs no further time, messages and what follows from them included. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 5; turn++) await this.clock.advance(0);
  }
}

/** Two processes that have joined. */
export async function twoCaches(
  options: LayerCacheOptions = {},
): Promise<{ readonly cluster: Cluster; readonly a: Member; readonly b: Member }> {
  const cluster = new Cluster(options);
  const a = await cluster.join();
  return { cluster, a, b: await cluster.join() };
}
