import { type CallOptions, createLayerCache, type LayerCache, type LayerCacheOptions } from '../../lib/index.js';
import { ManualClock } from '../../lib/testing/index.js';
import { seededRandom } from '../support/seeded-random.js';
import { settle } from '../support/source.js';

const KEYS = ['a', 'b', 'c', 'd', 'e'] as const;
type Key = (typeof KEYS)[number];

/** Tags that a caller declares, and tags that only the load's result brings. */
const DECLARED: Record<Key, readonly string[]> = { a: ['x'], b: ['x', 'y'], c: [], d: ['y'], e: [] };
const FOUND: Record<Key, readonly string[]> = { a: [], b: ['found'], c: ['found'], d: [], e: ['found', 'also'] };

/** What the source said: the version of the row at the moment when the load began. Every seventh is "no such row". */
interface Row {
  readonly key: Key;
  readonly version: number;
}

/** What one run has seen, in counts, so that a test can tell that it was there at all. */
export interface Sightings {
  reads: number;
  oldValuesServed: number;
  loadsOvertaken: number;
  loadsFailed: number;
  loadsGivenUp: number;
  negativesServed: number;
  callersLeft: number;
}

/** The history of one run: what it saw, and what it saw that should not be. */
export interface Run {
  readonly violations: readonly string[];
  readonly seen: Sightings;
  readonly trace: readonly string[];
}

/**
 * One cache, several readers and a writer, all by one seed. The writer changes a row and then invalidates it, by key, by
 * tag, by `set` or with everything else. Whoever begins to read after that must be given that row or a later one: this is
 * checked on the answers alone.
 */
export async function runOneProcess(seed: number, steps = 150): Promise<Run> {
  const run = new OneProcess(seed);
  for (let step = 0; step < steps; step++) await run.step();
  await run.rest();
  return run;
}

class OneProcess implements Run {
  readonly violations: string[] = [];
  readonly trace: string[] = [];
  readonly seen: Sightings = {
    reads: 0,
    oldValuesServed: 0,
    loadsOvertaken: 0,
    loadsFailed: 0,
    loadsGivenUp: 0,
    negativesServed: 0,
    callersLeft: 0,
  };
  readonly #random: () => number;
  readonly #clock = new ManualClock(1_000);
  readonly #cache: LayerCache;
  readonly #version: Record<Key, number> = { a: 0, b: 0, c: 0, d: 0, e: 0 };
  /** The oldest version that a read beginning now may be given. */
  readonly #floor: Record<Key, number> = { a: 0, b: 0, c: 0, d: 0, e: 0 };
  readonly #open = new Set<Promise<void>>();
  /** Loads of a key that run, all begun since the last event that allows a second one. */
  readonly #running: Record<Key, number> = { a: 0, b: 0, c: 0, d: 0, e: 0 };
  #noise = 0;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
    this.#cache = createLayerCache(this.#options(), {
      clock: this.#clock,
      random: this.#random,
      warn: (message) => void this.violations.push(`warned: ${message}`),
    });
  }

  async step(): Promise<void> {
    const draw = this.#random();
    if (draw < 0.45) this.#read(this.#key());
    else if (draw < 0.6) this.#write();
    else if (draw < 0.95) await this.#pass(Math.floor(this.#random() * 120));
    else if (draw < 0.97) this.#makeNoise();
    else await settle();
  }

  /** Nothing more happens: everything open must end, and a last read of each key must give the newest row. */
  async rest(): Promise<void> {
    await this.#pass(60_000);
    if (this.#open.size > 0) this.violations.push(`${this.#open.size} reads never ended`);
    for (const key of KEYS) {
      void this.#cache.delete(key);
      this.#floor[key] = this.#version[key];
      this.#read(key);
      await this.#pass(10_000);
    }
    if (this.#open.size > 0) this.violations.push('a read at rest never ended');
    if (this.#clock.pending > 0) this.violations.push(`${this.#clock.pending} timers left behind`);
  }

  #options(): LayerCacheOptions {
    const maybe = <T>(value: T): T | undefined => (this.#random() < 0.5 ? value : undefined);
    const options = {
      ttl: `${50 + Math.floor(this.#random() * 400)}ms`,
      staleWhileRevalidate: maybe(300),
      staleIfError: maybe(600),
      negativeTtl: maybe('100ms'),
      refreshAhead: this.#random() < 0.3 ? 'adaptive' : maybe(0.5),
      sliding: maybe(true),
      timeout: '150ms',
      retryAfter: maybe('40ms'),
      isNegativeError: () => false,
      loads: this.#random() < 0.3 ? 1 : 64,
      memory: this.#random() < 0.3 ? { max: 3 } : {},
      observers: [
        {
          staleHit: () => void this.seen.oldValuesServed++,
          negativeHit: () => void this.seen.negativesServed++,
          load: (_cache: string, _key: string, _ms: number, outcome: string) => {
            if (outcome === 'overtaken') this.seen.loadsOvertaken++;
            if (outcome === 'failed') this.seen.loadsFailed++;
            if (outcome === 'timeout') this.seen.loadsGivenUp++;
          },
        },
      ],
    };
    return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  }

  #key(): Key {
    return KEYS[Math.floor(this.#random() * KEYS.length)] as Key;
  }

  async #pass(ms: number): Promise<void> {
    await this.#clock.advance(ms);
    await settle();
  }

  #read(key: Key): void {
    const floor = this.#floor[key];
    const leaving = this.#random() < 0.1 ? new AbortController() : undefined;
    const options: CallOptions = { tags: DECLARED[key], force: this.#random() < 0.03 };
    if (leaving !== undefined) options.signal = leaving.signal;
    if (options.force === true) this.#running[key] = 0;
    const read = this.#cache.getOrSet<Row | null>(
      key,
      ({ adapt }) => this.#load(key, () => adapt({ tags: FOUND[key] })),
      options,
    );
    const open = read
      .then(
        (row) => this.#check(key, row, floor),
        () => undefined,
      )
      .then(() => void this.#open.delete(open));
    this.#open.add(open);
    if (leaving !== undefined && this.#random() < 0.5) {
      this.seen.callersLeft++;
      this.#running[key] = 0;
      leaving.abort(new Error('left'));
    }
  }

  #check(key: Key, row: Row | null, floor: number): void {
    this.seen.reads++;
    this.trace.push(`read ${key} ${row?.version ?? 'none'} floor ${floor}`);
    if (row !== null && (row.key !== key || row.version < floor)) {
      this.violations.push(`read ${key} began at ${floor} and was given ${row.key} ${row.version}`);
    }
    if (row === null && !this.#wasEverNothing(floor, this.#version[key])) {
      this.violations.push(`read ${key} began at ${floor} and was given nothing, which it was not since`);
    }
  }

  #wasEverNothing(from: number, to: number): boolean {
    for (let version = from; version <= to; version++) if (version % 7 === 6) return true;
    return false;
  }

  #load(key: Key, tellTags: () => void): Promise<Row | null> {
    const version = this.#version[key];
    if (++this.#running[key] > 1) this.violations.push(`two loads of ${key} at once`);
    const early = this.#random() < 0.3;
    const fails = this.#random() < 0.1;
    const never = this.#random() < 0.03;
    const ms = this.#random() < 0.2 ? 0 : Math.floor(this.#random() * 200);
    if (early) tellTags();
    return new Promise((resolve, reject) => {
      if (ms >= 150 || never) this.#clock.after(150, () => (this.#running[key] = 0));
      if (never) return;
      this.#clock.after(ms, () => {
        if (ms < 150) this.#running[key] = Math.max(0, this.#running[key] - 1);
        if (!early) tellTags();
        if (fails) reject(new Error('source is down'));
        else resolve(version % 7 === 6 ? null : { key, version });
      });
    });
  }

  #write(): void {
    const key = this.#key();
    const kind = this.#random();
    this.#version[key]++;
    this.trace.push(`write ${key} ${this.#version[key]}`);
    if (kind < 0.35) {
      this.#cover([key]);
      void this.#cache.delete(key);
    } else if (kind < 0.5 && this.#version[key] % 7 !== 6) {
      this.#cover([key]);
      const tags = [...DECLARED[key], ...FOUND[key]];
      void this.#cache.set<Row>(key, { key, version: this.#version[key] }, { tags });
    } else if (kind < 0.95 && DECLARED[key].length + FOUND[key].length > 0) {
      const tags = [...DECLARED[key], ...FOUND[key]];
      const tag = tags[Math.floor(this.#random() * tags.length)] as string;
      this.#cover(KEYS.filter((other) => DECLARED[other].includes(tag) || FOUND[other].includes(tag)));
      void this.#cache.invalidateTags(tag);
    } else {
      this.#cover(KEYS);
      void this.#cache.clear();
    }
  }

  #cover(keys: readonly Key[]): void {
    for (const key of keys) {
      this.#floor[key] = this.#version[key];
      this.#running[key] = 0;
    }
  }

  /** More distinct tags than the ledger remembers, so that it has to settle. */
  #makeNoise(): void {
    for (let index = 0; index < 2_500; index++) void this.#cache.invalidateTags(`noise ${this.#noise++}`);
  }
}
