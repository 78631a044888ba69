import type { Form, Terms } from '../core/entry.js';
import type { CachePolicy } from './resolve-policy.js';

const WITHOUT_WINDOWS = { staleWhileRevalidate: 0, staleIfError: 0, slidingTtl: 0, refreshAhead: undefined };

/** Stale windows, sliding and early refreshes are for values that are kept; everything else simply ends. */
const ENDING: Readonly<Record<Form, Terms>> = {
  shared: Object.freeze({ form: 'shared', ...WITHOUT_WINDOWS }),
  cloned: Object.freeze({ form: 'cloned', ...WITHOUT_WINDOWS }),
  negative: Object.freeze({ form: 'negative', ...WITHOUT_WINDOWS }),
  error: Object.freeze({ form: 'error', ...WITHOUT_WINDOWS }),
};

/** The terms of what has no life after its end: remembered absences, and results that are not to be kept. */
export function endingTerms(form: Form): Terms {
  return ENDING[form];
}

/** Loads may compute their windows; so many different ones are remembered before the rest get terms of their own. */
const MOST_SHARED = 1_000;

/** The terms that a policy makes of a value. */
export function termsOf(form: Form, policy: CachePolicy): Terms {
  const { staleWhileRevalidate, staleIfError, sliding, ttl, refreshAhead } = policy;
  const slidingTtl = sliding ? Math.max(1, Math.floor(ttl)) : 0;
  return { form, staleWhileRevalidate, staleIfError, slidingTtl, refreshAhead };
}

/** Gives equal entries the same terms, so that a million of them share the few that a program has. */
export class SharedTerms {
  readonly #known = new Map<string, Terms>();
  /** What was last asked for is what is asked for next. */
  #last: Terms | undefined;

  of(terms: Terms): Terms {
    const last = this.#last;
    if (last !== undefined && areEqual(last, terms)) return last;
    const { form, staleWhileRevalidate, staleIfError, slidingTtl, refreshAhead } = terms;
    const name = `${form} ${staleWhileRevalidate} ${staleIfError} ${slidingTtl} ${refreshAhead}`;
    const known = this.#known.get(name) ?? Object.freeze(terms);
    if (this.#known.size < MOST_SHARED) this.#known.set(name, known);
    this.#last = known;
    return known;
  }
}

function areEqual(one: Terms, other: Terms): boolean {
  return (
    one.form === other.form &&
    one.staleWhileRevalidate === other.staleWhileRevalidate &&
    one.staleIfError === other.staleIfError &&
    one.slidingTtl === other.slidingTtl &&
    one.refreshAhead === other.refreshAhead
  );
}
