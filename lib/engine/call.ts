import type { CallOptions } from '../policy/options.js';
import type { CachePolicy } from '../policy/resolve-policy.js';
import type { Loader } from './load-context.js';

/** One call of `getOrSet`, as it goes from room to room. */
export interface Call {
  /** The key of the entry: the caller's, behind the context's if there is one. */
  readonly key: string;
  /** The key as the caller gave it. */
  readonly name: string;
  readonly load: Loader<unknown>;
  readonly options: CallOptions | undefined;
  /** The policy, where it was resolved before the call. */
  readonly policy: CachePolicy | undefined;
  /** The last invalidation known when the call was made: the answer must not be older. */
  readonly since: number;
}
