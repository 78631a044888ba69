import { describe } from '@jest/globals';
import { createLayerCache, type LayerCache, type LayerCacheOptions, type LayerCacheParts } from '../../lib/index.js';
import { ManualClock, RecordingObserver } from '../../lib/testing/index.js';
import { Cluster } from './cluster.js';
import { seededRandom } from './seeded-random.js';

/** A cache under test, with its hands and ears. Jitter is off, so that every end comes when it is expected. */
export interface Stack {
  readonly cache: LayerCache;
  readonly clock: ManualClock;
  readonly heard: RecordingObserver;
  readonly warnings: readonly string[];
  /** Sets what the next draws of chance give, or all but give; 0.5 until then. */
  readonly chance: (draw: number) => void;
}

/** Of a part that is given, such as `warn`, the stack does not know. */
export type Build = (
  options?: LayerCacheOptions,
  parts?: Pick<LayerCacheParts, 'near' | 'drain' | 'warn'>,
) => Promise<Stack>;

interface Topology {
  readonly name: string;
  readonly build: Build;
}

const memory: Topology = {
  name: 'memory',
  build: (options = {}, parts = {}) => {
    const clock = new ManualClock(1_000);
    const heard = new RecordingObserver();
    const warnings: string[] = [];
    let draw = 0.5;
    const cache = createLayerCache(
      { jitter: 0, ...options, observers: [heard, ...(options.observers ?? [])] },
      { clock, random: () => draw, warn: (message) => warnings.push(message), ...parts },
    );
    return Promise.resolve({ cache, clock, heard, warnings, chance: (next) => void (draw = next) });
  },
};

/** Names in Redis are drawn as well and must differ; no test can tell a draw from one that is so near. */
const NOISE = 2 ** -16;

const memoryAndRedis: Topology = {
  name: 'memory and Redis',
  build: async (options = {}, parts = {}) => {
    const cluster = new Cluster();
    const noise = seededRandom(1);
    let draw = 0.5;
    const random = () => draw * (1 - NOISE) + noise() * NOISE;
    const { cache, heard, warnings } = await cluster.join(options, { random, ...parts });
    return { cache, clock: cluster.clock, heard, warnings, chance: (next) => void (draw = next) };
  },
};

/** Runs the same tests over every arrangement of tiers there is. */
export function onEveryTopology(subject: string, tests: (build: Build) => void): void {
  for (const topology of [memory, memoryAndRedis]) on(topology, subject, tests);
}

/** For what is promised of memory alone; each use says why. */
export function onMemory(subject: string, tests: (build: Build) => void): void {
  on(memory, subject, tests);
}

function on({ name, build }: Topology, subject: string, tests: (build: Build) => void): void {
  describe(`Over ${name}, ${subject}`, () => {
    tests(build);
  });
}
