import { Logger } from '@nestjs/common';
import { LayerCacheConfigError, messageOf } from '../core/errors.js';
import type { Drain } from '../engine/drain.js';
import type { LayerCache } from '../engine/engine.js';
import { LOGGER_CONTEXT } from './tokens.js';

/** One cache as it runs in an application. */
export interface RunningCache {
  readonly name: string;
  readonly engine: LayerCache;
  /** What it does behind its callers' backs. */
  readonly drain: Drain;
  /** Whether its keys carry a context, such as the tenant. */
  readonly hasKeyContext: boolean;
  /** What it consists of, in words. */
  readonly summary: string;
  /** Whether other processes do not hear of its invalidations. */
  readonly isMemoryOnly: boolean;
}

/** The caches of one application, by name. */
export class LayerCaches {
  readonly #byName = new Map<string, RunningCache>();
  readonly #logger = new Logger(LOGGER_CONTEXT);
  readonly #said = new Set<string>();

  add(cache: RunningCache): void {
    if (this.#byName.has(cache.name)) {
      const problem =
        `there are two caches named '${cache.name}'. Give one of them another name: ` +
        "LayerCacheModule.forRoot({ name: 'another' }). One module that is global serves the whole application.";
      throw new LayerCacheConfigError({ option: 'name', problem });
    }
    this.#byName.set(cache.name, cache);
  }

  get(name: string): RunningCache | undefined {
    return this.#byName.get(name);
  }

  all(): readonly RunningCache[] {
    return [...this.#byName.values()];
  }

  /** In every cache, for a tag names data. Whoever wrote the data is not told what fails; the log is. */
  async invalidateTags(tags: readonly string[]): Promise<void> {
    await this.#inEach('invalidateTags', ({ engine }) => engine.invalidateTags(...tags));
  }

  /** Ends everything, because it cannot be told what an invalidation was to end. */
  async clear(because: string, error: unknown): Promise<void> {
    for (const { engine } of this.all()) engine.report(`everything was invalidated, because ${because}`, error);
    await this.#inEach('clear', ({ engine }) => engine.clear());
  }

  /** Says something once in the life of the application. */
  readonly warn = (message: string): void => {
    if (this.#isNew(message)) tell(message, () => this.#logger.warn(message));
  };

  /** The same of what is wrong. */
  readonly error = (message: string): void => {
    if (this.#isNew(message)) tell(message, () => this.#logger.error(message));
  };

  #isNew(message: string): boolean {
    if (this.#said.has(message)) return false;
    this.#said.add(message);
    return true;
  }

  async #inEach(during: string, act: (cache: RunningCache) => Promise<void>): Promise<void> {
    await Promise.all(
      this.all().map((cache) => act(cache).catch((error: unknown) => cache.engine.report(during, error))),
    );
  }
}

/** A logger that throws must not fail the call that had something to tell. */
function tell(message: string, log: () => void): void {
  try {
    log();
  } catch (error) {
    process.emitWarning(`${message} (told here, because the logger failed: ${messageOf(error)})`, {
      type: 'LayerCacheWarning',
    });
  }
}
