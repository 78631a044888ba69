import { Logger } from '@nestjs/common';
import type { CacheObserver, LoadOutcome } from 'nestjs-layercache';

const SLOW_MS = 1_000;

/** Tells which loads are slow: what the cache hides from most callers should not be hidden from who runs the service. */
export class SlowLoads implements CacheObserver {
  readonly #logger = new Logger(SlowLoads.name);

  load(cache: string, key: string, ms: number, outcome: LoadOutcome): void {
    if (ms >= SLOW_MS) this.#logger.warn(`${key} took ${Math.round(ms)} ms to load into '${cache}' (${outcome})`);
  }
}
