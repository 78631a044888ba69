import type { Clock } from '../core/clock.js';
import type { Entry } from '../core/entry.js';
import type { BypassReason } from '../core/observer.js';
import type { Ledger } from '../coherence/ledger.js';
import type { Trust } from '../coherence/trust.js';
import type { Reporter } from '../observe/reporter.js';
import type { CachePolicy } from '../policy/resolve-policy.js';
import type { NearTier } from '../tiers/near-tier.js';
import type { RevivedClass } from '../wire/value-writer.js';
import type { Bypass } from './bypass.js';
import type { Answered, Call, OnAnswered } from './call.js';
import { type KeyScope, NoKey } from './key-scope.js';
import type { LoadContext, Loader } from './load-context.js';
import type { ReadThrough } from './read-through.js';
import { noteShortcut, type Shortcut } from './shortcuts.js';

/** What reading under one name works with. */
export interface BoundReadParts {
  readonly clock: Clock;
  readonly near: NearTier;
  readonly ledger: Ledger;
  readonly trust: Pick<Trust, 'until'>;
  readonly reporter: Reporter;
  readonly readThrough: ReadThrough;
  readonly bypass: Bypass;
  readonly scope: KeyScope | undefined;
  readonly enabled: boolean;
}

/** One call of a function whose calls are cached. */
export interface BoundCall {
  readonly key: string;
  /** What the key was made from. */
  readonly args: readonly unknown[];
  load(context: LoadContext<unknown>): unknown;
  /** What is done instead where the call cannot be cached. */
  runUncached(): unknown;
  policy(): CachePolicy;
  /** The class whose instances the values are, if they are. */
  readonly type?: RevivedClass | undefined;
  /** Is told how it was answered, before the caller is. */
  onAnswered?(answered: Answered): void;
}

/** How an entry stands, in milliseconds. */
export interface Standing {
  /** Since it was stored. */
  readonly age: number;
  /** For which it is still fresh; below 0, since it is not. */
  readonly ttl: number;
}

/** Reads of one function's results: its policy is decided once, and a call with a lone argument needs no key to hit. */
export class BoundRead {
  /** False where the cache is switched off, and every call runs uncached. */
  readonly isEnabled: boolean;
  readonly policy: CachePolicy;
  readonly clock: Clock;
  readonly #parts: BoundReadParts;
  readonly #near: NearTier;
  readonly #ledger: Ledger;
  readonly #trust: Pick<Trust, 'until'>;
  readonly #reporter: Reporter;
  /** Undefined where a key is more than name and arguments. */
  readonly #shortcut: Shortcut | undefined;

  constructor(policy: CachePolicy, shortcut: Shortcut | undefined, parts: BoundReadParts) {
    this.isEnabled = parts.enabled;
    this.policy = policy;
    this.#parts = parts;
    this.clock = parts.clock;
    this.#near = parts.near;
    this.#ledger = parts.ledger;
    this.#trust = parts.trust;
    this.#reporter = parts.reporter;
    this.#shortcut = parts.scope === undefined && parts.enabled ? shortcut : undefined;
  }

  /** The entry that answers a call with this argument alone, counted as a hit; undefined: it takes a key to find out. */
  hit(argument: unknown): Entry | undefined {
    const entry = this.#shortcut?.get(argument);
    if (entry === undefined) return undefined;
    const now = this.clock.now();
    if (now >= entry.quietUntil || !this.#ledger.admits(entry) || now >= this.#trust.until) return undefined;
    // A Map takes -0 for 0, and a key does not.
    if (Object.is(argument, -0)) return undefined;
    if (!this.#near.use(entry)) return undefined;
    this.#reporter.hit(entry.key);
    return entry;
  }

  /** The answer to a call, from memory or by its load. */
  read(call: BoundCall): unknown {
    const { scope } = this.#parts;
    if (!this.isEnabled) return this.bypass(call, 'disabled');
    const key = scope === undefined ? call.key : scope.keyFor(call.key);
    if (key instanceof NoKey) return this.bypass(call, key.reason);
    const entry = this.#near.get(key);
    if (entry === undefined || !this.#isQuiet(entry)) {
      return this.#parts.readThrough.read(new SlowCall(call, key, this.#ledger.position));
    }
    if (this.#shortcut !== undefined) noteShortcut(this.#shortcut, call.args, entry);
    this.#reporter.hit(key);
    call.onAnswered?.({ entry, by: 'tier' });
    return entry.answer();
  }

  #isQuiet(entry: Entry): boolean {
    const now = this.clock.now();
    return now < entry.quietUntil && this.#ledger.admits(entry) && now < this.#trust.until;
  }

  /** How an entry stands now. */
  standingOf(entry: Entry): Standing {
    const now = Math.floor(this.clock.now());
    return { age: now - entry.born, ttl: entry.freshUntil - now };
  }

  /** Tells of something that failed and that no caller is told of. */
  report(during: string, error: unknown): void {
    this.#reporter.error(during, error);
  }

  /** Runs one call past the cache. */
  bypass(call: BoundCall, reason: BypassReason): unknown {
    const { key } = call;
    return this.#parts.bypass.run({
      key,
      reason,
      load: () => call.runUncached(),
      policy: this.policy,
      signal: undefined,
    });
  }
}

/** A bound call that could not be answered at once. */
class SlowCall implements Call {
  readonly key: string;
  readonly name: string;
  readonly load: Loader<unknown>;
  readonly policy: () => CachePolicy;
  readonly signal = undefined;
  readonly force = false;
  readonly since: number;
  readonly onAnswered: OnAnswered;
  readonly type: RevivedClass | undefined;

  constructor(call: BoundCall, key: string, since: number) {
    this.key = key;
    this.name = call.key;
    this.load = (context) => call.load(context);
    this.policy = () => call.policy();
    this.since = since;
    this.type = call.type;
    this.onAnswered = (answered) => call.onAnswered?.(answered);
  }
}
