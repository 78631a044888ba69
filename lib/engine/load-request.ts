import type { Entry } from '../core/entry.js';
import type { CachePolicy } from '../policy/resolve-policy.js';
import type { SharedMark } from '../tiers/shared-tier.js';
import type { RevivedClass } from '../wire/value-writer.js';
import type { Loader } from './load-context.js';

/** What a load is started with. */
export interface LoadRequest {
  readonly key: string;
  readonly name: string;
  readonly load: Loader<unknown>;
  readonly type: RevivedClass | undefined;
  readonly policy: CachePolicy;
  /** The entry that the result is to replace. */
  readonly old: Entry | undefined;
  /** What lies in the shared tier, if that was looked at. */
  readonly mark: SharedMark;
  /** Load, whatever others have. */
  readonly isForced: boolean;
  /** Behind: no caller waits for it, so none can desert it, and its failure is told by an event. */
  readonly place: 'before-callers' | 'behind';
}
