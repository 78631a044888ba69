import type { CachePolicy } from '../policy/resolve-policy.js';
import type { BoundCall } from './bound-read.js';

/** The plainest of bound calls: a function's, with the policy of its name. */
export class WrappedCall implements BoundCall {
  readonly key: string;
  readonly args: readonly unknown[];
  readonly #run: () => unknown;
  readonly #policy: CachePolicy;

  constructor(key: string, args: readonly unknown[], run: () => unknown, policy: CachePolicy) {
    this.key = key;
    this.args = args;
    this.#run = run;
    this.#policy = policy;
  }

  load(): unknown {
    return this.#run();
  }

  runUncached(): unknown {
    return this.#run();
  }

  policy(): CachePolicy {
    return this.#policy;
  }
}
