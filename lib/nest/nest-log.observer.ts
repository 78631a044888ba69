import type { LoggerService } from '@nestjs/common';
import type { Clock } from '../core/clock.js';
import { LayerCacheError, messageOf, oneLine } from '../core/errors.js';
import type { CacheObserver } from '../core/observer.js';

/** One line of each kind at most so often: what fails at every call must not fill the log. */
const QUIET_MS = 60_000;
/** Kinds are texts, and texts could be without number. */
const MOST_KINDS = 1_000;
/** Our own words, with names of classes and methods in them. */
const LONGEST_OWN = 400;

/** Tells what fails behind the callers' backs to Nest's logger. */
export class NestLogObserver implements CacheObserver {
  readonly #logger: Pick<LoggerService, 'error'>;
  readonly #clock: Clock;
  readonly #said = new Map<string, { readonly at: number; unsaid: number }>();

  constructor(logger: Pick<LoggerService, 'error'>, clock: Clock) {
    this.#logger = logger;
    this.#clock = clock;
  }

  error(cache: string, during: string, error: unknown): void {
    const kind = `${cache} ${during}`;
    const now = this.#clock.now();
    const last = this.#said.get(kind);
    if (last !== undefined && now - last.at < QUIET_MS) {
      last.unsaid++;
      return;
    }
    if (this.#said.size >= MOST_KINDS) this.#said.clear();
    this.#said.set(kind, { at: now, unsaid: 0 });
    const unsaid = last === undefined || last.unsaid === 0 ? '' : ` (and ${last.unsaid} more since the last line)`;
    this.#logger.error(`cache '${cache}': ${oneLine(during, LONGEST_OWN)}: ${wordsOf(error)}${unsaid}`);
  }
}

/** Errors of ours say what to do, at their end. */
function wordsOf(error: unknown): string {
  return error instanceof LayerCacheError ? oneLine(error.message, LONGEST_OWN) : messageOf(error);
}
