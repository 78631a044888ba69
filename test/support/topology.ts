import { describe } from '@jest/globals';
import { createLayerCache, type LayerCache, type LayerCacheOptions } from '../../lib/index.js';
import { ManualClock, RecordingObserver } from '../../lib/testing/index.js';

/** A cache under test, with its hands and ears. Jitter is off, so that every end comes when it is expected. */
export interface Stack {
  readonly cache: LayerCache;
  readonly clock: ManualClock;
  readonly heard: RecordingObserver;
  readonly warnings: readonly string[];
  /** Sets what the next draws of chance give; 0.5 until then. */
  readonly chance: (draw: number) => void;
}

export type Build = (options?: LayerCacheOptions) => Stack;

interface Topology {
  readonly name: string;
  readonly build: Build;
}

const memory: Topology = {
  name: 'memory',
  build: (options = {}) => {
    const clock = new ManualClock(1_000);
    const heard = new RecordingObserver();
    const warnings: string[] = [];
    let draw = 0.5;
    const cache = createLayerCache(
      { jitter: 0, ...options, observers: [heard, ...(options.observers ?? [])] },
      { clock, random: () => draw, warn: (message) => warnings.push(message) },
    );
    return { cache, clock, heard, warnings, chance: (next) => void (draw = next) };
  },
};

const topologies: readonly Topology[] = [memory];

/** Runs the same tests over every arrangement of tiers there is. */
export function onEveryTopology(subject: string, tests: (build: Build) => void): void {
  for (const { name, build } of topologies) {
    describe(`Over ${name}, ${subject}`, () => {
      tests(build);
    });
  }
}
