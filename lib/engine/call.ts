import type { Entry } from '../core/entry.js';
import type { CachePolicy } from '../policy/resolve-policy.js';
import type { RevivedClass } from '../wire/value-writer.js';
import type { Loader } from './load-context.js';

/** How a call was answered: by an entry that a tier held, or by the result of a load, which was then stored or not. */
export interface Answered {
  readonly entry: Entry;
  readonly by: 'tier' | 'stored-load' | 'unstored-load';
}

/** Is told how a call was answered, before the caller is. */
export type OnAnswered = (answered: Answered) => void;

/** One call that could not be answered at once, as it goes from room to room. */
export interface Call {
  /** The key of the entry: the caller's, behind the context's if there is one. */
  readonly key: string;
  /** The key as the caller gave it. */
  readonly name: string;
  readonly load: Loader<unknown>;
  /** Decided when something must be loaded, and not before: most calls never need it. */
  policy(): CachePolicy;
  /** Ends this caller's wait. */
  readonly signal: AbortSignal | undefined;
  /** Load even if there is a fresh value. */
  readonly force: boolean;
  /** The last invalidation known when the call was made: the answer must not be older. */
  readonly since: number;
  readonly onAnswered: OnAnswered | undefined;
  /** The class whose instances the values are, where a tier beyond memory has to make them anew. */
  readonly type: RevivedClass | undefined;
}
