import { isThenable } from '../core/thenable.js';
import type { Reporter } from '../observe/reporter.js';
import type { CachePolicy } from '../policy/resolve-policy.js';

/** Whether an error of a load says that there is nothing, which is remembered, and not that it failed. */
export function isAnAnswer(error: unknown, { isNegativeError }: CachePolicy, reporter: Reporter): boolean {
  try {
    const answer: unknown = isNegativeError(error);
    // An async function is no predicate; what becomes of its promise must not end the process.
    if (isThenable(answer)) answer.then(undefined, (fault: unknown) => reporter.error('isNegativeError', fault));
    return answer === true;
  } catch (fault) {
    reporter.error('isNegativeError', fault);
    return false;
  }
}
