import { LayerCacheKeyError } from '../core/errors.js';
import type { BypassReason, Warn } from '../core/observer.js';
import { isThenable } from '../core/thenable.js';
import type { Reporter } from '../observe/reporter.js';

/** Why a key cannot be had now. */
export class NoKey {
  readonly reason: BypassReason;

  constructor(reason: BypassReason) {
    this.reason = reason;
  }
}

const NO_CONTEXT = new NoKey('no-context');
const CONTEXT_FAILED = new NoKey('context-failed');

/** Puts the context of the moment, such as the tenant, in front of every key. */
export class KeyScope {
  readonly #contextOf: () => string | undefined;
  readonly #reporter: Reporter;
  readonly #warn: Warn;

  constructor(contextOf: () => string | undefined, reporter: Reporter, warn: Warn) {
    this.#contextOf = contextOf;
    this.#reporter = reporter;
    this.#warn = warn;
  }

  /** Written with its length, so that no context and key together look like another pair. */
  keyFor(key: string): string | NoKey {
    const context = this.#context();
    return typeof context === 'string' ? `${context.length}:${context}:${key}` : context;
  }

  /** The same for who cannot do without: storing under no context would be storing for all of them. */
  keyToWrite(key: string): string {
    const scoped = this.keyFor(key);
    if (typeof scoped === 'string') return scoped;
    throw new LayerCacheKeyError('keyContext returned no text, so there is no key to store or delete under.');
  }

  #context(): string | NoKey {
    let context: unknown;
    try {
      context = this.#contextOf();
    } catch (error) {
      this.#reporter.error('keyContext', error);
      return CONTEXT_FAILED;
    }
    if (typeof context === 'string') return context;
    if (isThenable(context)) context.then(undefined, (fault: unknown) => this.#reporter.error('keyContext', fault));
    this.#warn(
      'keyContext returned no text: such calls are not cached. Set it before the first cached call of a request.',
    );
    return NO_CONTEXT;
  }
}
