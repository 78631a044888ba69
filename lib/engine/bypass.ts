import type { BypassReason } from '../core/observer.js';
import type { Reporter } from '../observe/reporter.js';
import type { CachePolicy } from '../policy/resolve-policy.js';
import { Aborts } from './abort.js';
import { type Loader, RunningLoadContext } from './load-context.js';
import { runAsLoad } from './running-load.js';

/** A call that goes past the cache. */
export interface BypassedCall {
  readonly key: string;
  readonly reason: BypassReason;
  readonly load: Loader<unknown>;
  readonly policy: CachePolicy;
  readonly signal: AbortSignal | undefined;
}

/** Loads for one caller alone, and stores nothing. */
export class Bypass {
  readonly #reporter: Reporter;
  readonly #aborts = new Aborts();

  constructor(reporter: Reporter) {
    this.#reporter = reporter;
  }

  run({ key, reason, load, policy, signal }: BypassedCall): unknown {
    this.#reporter.bypass(key, reason);
    const context = new RunningLoadContext(key, policy);
    if (signal?.aborted === true) throw signal.reason;
    if (signal === undefined) return runAsLoad(context, () => load(context));
    const result = new Promise((resolve) => resolve(runAsLoad(context, () => load(context))));
    return this.#aborts.untilAborted(result, signal, () => context.abort(signal.reason));
  }
}
