import type { CallOptions } from '../policy/options.js';
import type { CachePolicy } from '../policy/resolve-policy.js';
import type { Call } from './call.js';
import type { CallPolicy } from './call-policy.js';
import type { Loader } from './load-context.js';

export interface DirectCallParts {
  /** The key as the caller gave it. */
  readonly name: string;
  readonly load: Loader<unknown>;
  readonly options: CallOptions | undefined;
  readonly callPolicy: CallPolicy;
  /** The last invalidation known now. */
  readonly since: number;
}

/** A call of `getOrSet` that could not be answered at once. */
export class DirectCall implements Call {
  readonly key: string;
  readonly name: string;
  readonly load: Loader<unknown>;
  readonly signal: AbortSignal | undefined;
  readonly force: boolean;
  readonly since: number;
  readonly onAnswered = undefined;
  readonly type = undefined;
  readonly #options: CallOptions | undefined;
  readonly #callPolicy: CallPolicy;
  #policy: CachePolicy | undefined;

  constructor(key: string, { name, load, options, callPolicy, since }: DirectCallParts) {
    this.key = key;
    this.name = name;
    this.load = load;
    this.signal = options?.signal;
    this.force = options?.force === true;
    this.since = since;
    this.#options = options;
    this.#callPolicy = callPolicy;
  }

  policy(): CachePolicy {
    this.#policy ??= this.#callPolicy.resolve(this.#options);
    return this.#policy;
  }
}
