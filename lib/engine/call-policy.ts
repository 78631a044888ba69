import type { Warn } from '../core/observer.js';
import type { CallOptions } from '../policy/options.js';
import type { Tiers } from '../policy/retention.js';
import {
  type CachePolicy,
  only,
  POLICY_OPTION_NAMES,
  refuseNoOptions,
  refuseSliding,
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
  readonly #tiers: Tiers;
  #hasSuspected = false;

  constructor(base: CachePolicy, warn: Warn, tiers: Tiers) {
    this.#base = base;
    this.#warn = warn;
    this.#tiers = tiers;
  }

  /** `where` names who gave them, for a suspicion; without it, only the first is told. */
  resolve(options: CallOptions | undefined, where?: string): CachePolicy {
    if (options === undefined) return this.#base;
    refuseNoOptions(options, 'options');
    refuseUnknownOptions(options, CALL_OPTION_NAMES);
    if (options.signal !== undefined) signal(options.signal, 'signal');
    if (options.force !== undefined) force(options.force, 'force');
    const suspicion = suspicionOf(options);
    if (suspicion !== undefined) this.#tell(suspicion, where);
    const policy = resolvePolicy(this.#base, options);
    if (this.#tiers === 'memory and another') refuseSliding(policy);
    return policy;
  }

  #tell(suspicion: string, where: string | undefined): void {
    if (where !== undefined) return this.#warn(`${where}: ${suspicion}`);
    if (!this.#hasSuspected) this.#warn(suspicion);
    this.#hasSuspected = true;
  }
}
