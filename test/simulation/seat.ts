import type { CacheObserver } from '../../lib/index.js';
import { BucketKeys, bucketOf, nameOf } from '../../lib/redis/keys.js';
import type { CacheUnderTest } from './cache-under-test.js';
import { type Key, KEYS, Missing, optionsOf } from './catalogue.js';
import { DataPath } from './data-path.js';
import { Draws } from './draws.js';
import type { Resident } from './history.js';
import { OpenCalls } from './open-calls.js';
import { SimulatedLink } from './simulated-link.js';
import { SimulatedProcess } from './simulated-process.js';
import type { Trace, World } from './world.js';

const PREFIX = 'sim';
const CACHE = 'default';

/** One process with its cache, its connections, and what a test knows of it. */
export class Seat implements Resident {
  readonly process: SimulatedProcess;
  /** One for each bucket, as are the paths. */
  readonly links: readonly SimulatedLink[];
  readonly paths: readonly DataPath[];
  readonly calls: OpenCalls;
  readonly cache: CacheUnderTest;
  readonly draws: Draws;
  /** With a deposed primary, of which room, and until when. */
  readonly stuckIn = new Map<unknown, number>();
  isClosing = false;
  readonly trace: Trace | undefined;
  readonly #entryKeys = new Map<Key, string>();
  readonly #world: World;
  /** In which turn memory last served a key, if only after others were asked; and when a refresh was last begun. */
  readonly #servedByMemory = new Map<string, number>();
  readonly #refreshing = new Map<string, number>();

  constructor(world: World, id: number) {
    this.#world = world;
    const { scheduler, settings, kit, seed } = world;
    const now = (): number => scheduler.now;
    const { trace } = world;
    if (trace !== undefined) this.trace = (text) => trace(() => `p${id} ${text()}`);
    this.draws = Draws.of(seed, `process ${id}`);
    const clock = {
      offset: this.draws.between(0, 3_600_000),
      rate: 1 + this.draws.between(-settings.drift, settings.drift),
    };
    const process = new SimulatedProcess(`p${id}`, scheduler, this.draws, clock);
    this.process = process;
    this.calls = new OpenCalls(now);
    this.paths = Array.from({ length: settings.buckets }, () => new DataPath(now));
    this.links = this.paths.map((path, bucket) => this.#link(path, bucket, id));
    this.cache = kit.make(this.#options(), {
      name: CACHE,
      clock: kit.off?.clock?.(process) ?? process,
      random: this.draws.random,
      warn: (message) => this.#warned(message),
      links: this.links.map(
        (link, bucket) => kit.off?.link?.(link, { micros: () => world.roomOf(bucket).primary.micros }) ?? link,
      ),
    });
    const over = this.calls.begin('ready');
    const joined = this.cache.ready().catch((error: Error) => {
      world.complain(`${process.name} was never ready: ${error.message}`);
    });
    void joined.then(() => over());
  }

  get stuckUntil(): number {
    return Math.max(Number.NEGATIVE_INFINITY, ...this.stuckIn.values());
  }

  /** Whether something may be under way for a key that a call would join. */
  mayJoin(key: Key): boolean {
    const { history, scheduler } = this.#world;
    return (
      this.calls.isOpen(key) ||
      history.isLoading(key, this) ||
      this.links.some((link) => link.isAsking(this.#entryKey(key))) ||
      this.#refreshedSince(key) < scheduler.now
    );
  }

  /** Since when a load of a key may have waited for that of another process. */
  waitsSince(key: Key): number {
    return Math.min(this.calls.openSince(key) ?? this.#world.scheduler.now, this.#refreshedSince(key));
  }

  /** Now, where no refresh of a key can be under way. */
  #refreshedSince(key: Key): number {
    const { scheduler, settings } = this.#world;
    const since = this.#refreshing.get(key) ?? Number.NEGATIVE_INFINITY;
    return scheduler.now - since > settings.patience + 2 * settings.timeout ? scheduler.now : since;
  }

  /** Whether memory has served a key just now. */
  servesFromMemory(key: Key): boolean {
    return this.#servedByMemory.get(key) === this.#world.scheduler.turn;
  }

  pause(): void {
    this.process.pause();
    for (const path of this.paths) path.begin('pause');
    this.calls.pause();
  }

  resume(): void {
    this.calls.resume();
    for (const path of this.paths) path.end('pause');
    this.process.resume();
  }

  crash(): void {
    this.process.kill();
    for (const link of this.links) link.die();
    this.#forgetLoads();
  }

  /** Ends in order; what was called before still has to be answered. */
  close(onClosed: () => void = () => undefined): void {
    if (this.isClosing || !this.process.isAlive) return;
    this.isClosing = true;
    this.process.does(this.#world.scheduler.now, () => {
      const over = this.calls.begin('close');
      this.cache.close().then(
        () => {
          over();
          onClosed();
        },
        (error: Error) => this.#world.complain(`${this.process.name} could not close: ${error.message}`),
      );
    });
  }

  get isBusy(): boolean {
    return this.process.isAlive && this.calls.all.length > 0;
  }

  /** Nothing is under way, and hardly anything is still to come. */
  mustBeIdle(mostTimers: number): void {
    if (!this.process.isAlive) return;
    const { complain } = this.#world;
    const { all } = this.calls;
    if (all.length > 0) complain(`${this.process.name} at rest waits for ${all.slice(0, 3).join(', ')}`);
    const { timers } = this.process;
    if (timers > mostTimers) complain(`${this.process.name} at rest has ${timers} timers`);
  }

  couldHear(key: Key, since: number): boolean {
    return (this.paths[bucketOf(key, this.paths.length)] as DataPath).wasWholeSince(since);
  }

  #link(path: DataPath, bucket: number, id: number): SimulatedLink {
    const { scheduler, settings, weather, counters, seed, roomOf } = this.#world;
    return new SimulatedLink({
      ...{ scheduler, weather, counters, path, room: roomOf(bucket), process: this.process, trace: this.trace },
      draws: Draws.of(seed, bucket === 0 ? `link ${id}` : `link ${id} of bucket ${bucket}`),
      style: { rejects: settings.rejects, answersLate: settings.answersLate },
    });
  }

  #forgetLoads(): void {
    const { history, scheduler } = this.#world;
    for (const key of KEYS) {
      for (const load of history.running[key]) if (load.by === this) history.endLoad(load, scheduler.now);
    }
  }

  #served(key: string, tier: string): void {
    if (tier !== 'memory') return;
    const { counters, scheduler } = this.#world;
    this.#servedByMemory.set(key, scheduler.turn);
    if (this.links.every(({ connection }) => connection === undefined)) counters.count('memory serves while cut off');
  }

  #entryKey(key: Key): string {
    const known = this.#entryKeys.get(key);
    if (known !== undefined) return known;
    const bucket = bucketOf(key, this.#world.settings.buckets);
    const made = new BucketKeys({ prefix: PREFIX, cache: CACHE, bucket, audience: '0' }).entry(nameOf(key));
    this.#entryKeys.set(key, made);
    return made;
  }

  #warned(message: string): void {
    this.#world.counters.count('cache warns');
    this.trace?.(() => `warns: ${message}`);
  }

  #options() {
    const { settings } = this.#world;
    return {
      prefix: PREFIX,
      // Never connected to: it says that there is a tier behind memory, should there be no memory.
      redis: { url: 'redis://simulated' },
      tiers: settings.farFaults === undefined ? [] : [this.#world.far.seenBy(this.process)],
      staleBound: settings.staleBound,
      detachedTtl: settings.detachedTtl,
      patience: settings.patience,
      timeout: settings.timeout,
      retryAfter: settings.retryAfter,
      loads: settings.loads,
      memory: settings.memory === 0 ? (false as const) : { max: settings.memory },
      isNegativeError: (error: unknown) => error instanceof Missing,
      observers: [this.#observer()],
    };
  }

  #observer(): CacheObserver {
    const { counters, scheduler } = this.#world;
    return {
      hit: (_cache, key, tier) => {
        counters.countOf('cache hit', tier);
        this.#served(key, tier);
      },
      negativeHit: (_cache, key, tier) => {
        counters.countOf('cache negative hit', tier);
        this.#served(key, tier);
      },
      miss: () => counters.count('cache miss'),
      staleHit: (_cache, key, tier, reason) => {
        counters.countOf('cache stale hit', reason);
        // The load goes on behind whoever is answered now.
        if (reason === 'load-slow') this.#refreshing.set(key, this.waitsSince(key as Key));
        this.#served(key, tier);
        this.trace?.(() => `serves an old ${key} from ${tier}: ${reason}`);
      },
      refresh: (_cache, key, reason) => {
        counters.countOf('cache refresh', reason);
        this.#refreshing.set(key, scheduler.now);
        this.trace?.(() => `refreshes ${key}: ${reason}`);
      },
      load: (_cache, key, _ms, outcome) => {
        counters.countOf('cache load', outcome);
        this.trace?.(() => `load of ${key} ends: ${outcome}`);
      },
      evict: (_cache, key, cause) => {
        counters.countOf('cache evicts', cause);
        this.trace?.(() => `evicts ${key}: ${cause}`);
      },
      error: (_cache, during, error) => {
        counters.countOf('cache error', during);
        this.trace?.(() => `error during ${during}: ${String(error)}`);
      },
    };
  }

  /** How a key is called for. */
  optionsOf(key: Key) {
    return optionsOf(this.#world.settings.policies[key]);
  }
}
