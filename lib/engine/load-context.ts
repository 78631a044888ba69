import type { Entry } from '../core/entry.js';
import type { CachePolicyOptions } from '../policy/options.js';
import {
  type CachePolicy,
  POLICY_OPTION_NAMES,
  refuseNoOptions,
  refuseUnknownOptions,
  resolvePolicy,
} from '../policy/resolve-policy.js';
import { answerOf } from './answer.js';

/** What a loader is given. Its members may be taken apart: `({ signal, skip }) => …`. */
export interface LoadContext<T> {
  /** The key that is loaded, as the caller gave it. */
  readonly key: string;
  /** Fires when the load is given up: its time is over, or every caller has left. */
  readonly signal: AbortSignal;
  /** The value this load is to replace, if there is one that may still be served. The result takes over the tags of what was looked at. */
  readonly stale?: T;
  /** Changes how the result is kept, from what the load has found out. Tags are added to those of the call. */
  readonly adapt: (overrides: CachePolicyOptions) => void;
  /** Answers the callers without storing the result. */
  readonly skip: () => void;
}

/**
 * Loads what a key stands for.
 * @typeParam T What it gives.
 * @typeParam Old What it is shown as the old value: the same, where that is said and not inferred.
 */
export type Loader<T, Old = T> = (context: LoadContext<Old>) => T | Promise<T>;

/** The context of one load, and what the load did with it. */
export class RunningLoadContext implements LoadContext<unknown> {
  readonly key: string;
  #old: Entry | undefined;
  #policy: CachePolicy;
  #skipped = false;
  /** Made when somebody asks for its signal: most loaders never do. */
  #controller: AbortController | undefined;
  #aborted: { readonly reason: unknown } | undefined;

  constructor(key: string, policy: CachePolicy) {
    this.key = key;
    this.#policy = policy;
  }

  /** Makes an old value visible to the load. A remembered error is no value. */
  show(old: Entry): void {
    if (old.terms.form !== 'error') this.#old = old;
  }

  /** As any reader would get it. What is made of an old value is made of what that one was made of: it takes over its tags. */
  get stale(): unknown {
    if (this.#old === undefined) return undefined;
    const { tags } = this.#old;
    if (tags.some((tag) => !this.#policy.tags.includes(tag))) this.#policy = resolvePolicy(this.#policy, { tags });
    return answerOf(this.#old);
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#aborted !== undefined) this.#controller.abort(this.#aborted.reason);
    }
    return this.#controller.signal;
  }

  readonly adapt = (overrides: CachePolicyOptions): void => {
    refuseNoOptions(overrides, 'adapt');
    refuseUnknownOptions(overrides, POLICY_OPTION_NAMES);
    this.#policy = resolvePolicy(this.#policy, overrides);
  };

  readonly skip = (): void => {
    this.#skipped = true;
  };

  get policy(): CachePolicy {
    return this.#policy;
  }

  get skipped(): boolean {
    return this.#skipped;
  }

  abort(reason: unknown): void {
    this.#aborted = { reason };
    this.#controller?.abort(reason);
  }
}
