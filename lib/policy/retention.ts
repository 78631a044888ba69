import { Entry, type Form, type Terms } from '../core/entry.js';
import type { Random } from '../core/random.js';
import { adopt, type Isolation, isolate } from './isolation.js';
import { earliestRefresh } from './refresh-ahead.js';
import type { CachePolicy } from './resolve-policy.js';
import { endingTerms, SharedTerms, termsOf } from './terms.js';

/** What came back for a key, from a load or from a caller's `set`. */
export interface Outcome {
  readonly key: string;
  /** The value, or what was thrown. */
  readonly value: unknown;
  /** Threw: the value is an error that the policy takes for an answer. Skipped: not to be kept. */
  readonly how: 'returned' | 'threw' | 'skipped';
  /** The last invalidation known when the load began. */
  readonly position: number;
  readonly now: number;
  readonly loadMs: number;
}

/** What another tier kept, in this process's time. */
export interface Kept {
  /** Nobody else's. */
  readonly value: unknown;
  readonly tags: readonly string[];
  readonly born: number;
  readonly freshUntil: number;
  readonly staleWhileRevalidate: number;
  readonly staleIfError: number;
  readonly loadMs: number;
}

/** Where and when it is to be kept here. */
export interface Place {
  readonly key: string;
  /** The last invalidation known when it was asked for. */
  readonly position: number;
  readonly now: number;
}

/** Whether there is a tier behind memory. */
export type Tiers = 'memory' | 'memory and another';

interface Copy {
  readonly value: unknown;
  readonly form: Form;
}

/** Turns outcomes into entries: everything a policy says of a value's life is decided here, once. */
export class Retention {
  readonly #isolation: Isolation;
  readonly #random: Random;
  readonly #tiers: Tiers;
  readonly #terms = new SharedTerms();

  constructor(isolation: Isolation, random: Random, tiers: Tiers = 'memory') {
    this.#isolation = isolation;
    this.#random = random;
    this.#tiers = tiers;
  }

  /** The entry for an outcome. What is not to be kept becomes an entry that is dead already: it answers, and is never found. */
  retain(outcome: Outcome, policy: CachePolicy): Entry {
    return this.#entry(outcome, this.#copy(outcome), policy);
  }

  /** An entry that answers with the very value that came back, and is dead already. */
  passOn(outcome: Outcome, policy: CachePolicy): Entry {
    return this.#entry({ ...outcome, how: 'skipped' }, { value: outcome.value, form: 'shared' }, policy);
  }

  /** The entry for what another tier kept: its life was decided when it was stored; how early it is refreshed is decided here. */
  restore(kept: Kept, { key, position, now }: Place, policy: CachePolicy): Entry {
    const { tags, loadMs, staleWhileRevalidate, staleIfError } = kept;
    const isNegative = kept.value === undefined || kept.value === null;
    const { value, form }: Copy = isNegative
      ? { value: kept.value, form: 'negative' }
      : adopt(kept.value, this.#isolation);
    const { refreshAhead } = policy;
    const terms = isNegative
      ? endingTerms(form)
      : this.#terms.of({ form, staleWhileRevalidate, staleIfError, slidingTtl: 0, refreshAhead });
    const born = Math.floor(kept.born);
    const freshUntil = Math.floor(kept.freshUntil);
    const askAt = this.#askAt(now, policy);
    const life = { terms, freshUntil, life: freshUntil - born, loadMs };
    const quietUntil = form === 'shared' ? Math.min(quietUntilOf(life), askAt ?? freshUntil) : born;
    return new Entry({ key, value, terms, tags, position, born, freshUntil, quietUntil, askAt, loadMs });
  }

  #askAt(now: number, { memoryTtl }: CachePolicy): number | undefined {
    if (memoryTtl === undefined || this.#tiers === 'memory') return undefined;
    return Math.floor(now + memoryTtl);
  }

  #entry(outcome: Outcome, { value, form }: Copy, policy: CachePolicy): Entry {
    const remembered = form === 'negative' || form === 'error';
    const ends = remembered || outcome.how === 'skipped';
    const terms = ends ? endingTerms(form) : this.#terms.of(termsOf(form, policy));
    const ttl = outcome.how === 'skipped' ? 0 : remembered ? Math.min(policy.negativeTtl, policy.ttl) : policy.ttl;
    const kept = ttl > 0;
    const born = Math.floor(outcome.now);
    const life = kept ? Math.max(1, Math.floor(outcome.now + ttl * (1 - policy.jitter * this.#random())) - born) : 0;
    const freshUntil = born + life;
    const loadMs = Math.ceil(outcome.loadMs);
    const needsThought = form !== 'shared' || terms.slidingTtl > 0 || !kept;
    const askAt = this.#askAt(outcome.now, policy);
    return new Entry({
      key: outcome.key,
      value,
      terms,
      tags: policy.tags,
      position: outcome.position,
      born,
      freshUntil,
      quietUntil: needsThought
        ? born
        : Math.min(quietUntilOf({ terms, freshUntil, life, loadMs }), askAt ?? freshUntil),
      askAt,
      loadMs,
    });
  }

  #copy({ how, value }: Outcome): Copy {
    // An error is thrown as the very object the loader threw: a filter may know it by identity or by class.
    if (how === 'threw') return { value, form: 'error' };
    if (value === undefined || value === null) return { value, form: 'negative' };
    return isolate(value, this.#isolation);
  }
}

interface Life {
  readonly terms: Terms;
  readonly freshUntil: number;
  readonly life: number;
  readonly loadMs: number;
}

function quietUntilOf({ terms, freshUntil, life, loadMs }: Life): number {
  return Math.min(earliestRefresh(terms, freshUntil, life, loadMs), freshUntil);
}
