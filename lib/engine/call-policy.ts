import type { Warn } from '../core/observer.js';
import type { CallOptions } from '../policy/options.js';
import {
  type CachePolicy,
  only,
  POLICY_OPTION_NAMES,
  refuseNoOptions,
  refuseUnknownOptions,
  resolvePolicy,
  suspicionOf,
} from '../policy/resolve-policy.js';

const CALL_OPTION_NAMES: readonly string[] = [...POLICY_OPTION_NAMES, 'signal', 'force'];

const isSignal = (given: unknown): boolean => {
  const { addEventListener, removeEventListener } = (given ?? {}) as Partial<AbortSignal>;
  return typeof addEventListener === 'function' && typeof removeEventListener === 'function';
};
const signal = only(isSignal, 'an AbortSignal');
const force = only((given) => typeof given === 'boolean', 'true or false');

/** Makes the policy of a call from its options and the cache's own. */
export class CallPolicy {
  readonly #base: CachePolicy;
  readonly #warn: Warn;
  #hasSuspected = false;

  constructor(base: CachePolicy, warn: Warn) {
    this.#base = base;
    this.#warn = warn;
  }

  resolve(options: CallOptions | undefined): CachePolicy {
    if (options === undefined) return this.#base;
    refuseNoOptions(options, 'options');
    refuseUnknownOptions(options, CALL_OPTION_NAMES);
    if (options.signal !== undefined) signal(options.signal, 'signal');
    if (options.force !== undefined) force(options.force, 'force');
    const suspicion = this.#hasSuspected ? undefined : suspicionOf(options);
    if (suspicion !== undefined) this.#warn(suspicion);
    if (suspicion !== undefined) this.#hasSuspected = true;
    return resolvePolicy(this.#base, options);
  }
}
