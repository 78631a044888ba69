import { isThenable } from '../core/thenable.js';

/** A function given to a decorator that threw, or returned what it may not. The call then runs uncached. */
export class FunctionFault extends Error {
  override readonly name = 'FunctionFault';
  /** Which function, such as `the tag function`. */
  readonly which: string;

  constructor(which: string, cause: unknown) {
    super(`${which} failed`, { cause });
    this.which = which;
  }
}

/** Runs a function of a decorator's; what it throws becomes a fault that names it. */
export function runDecoratorFunction<T>(which: string, run: () => T): T {
  let result: T;
  try {
    result = run();
  } catch (error) {
    throw new FunctionFault(which, error);
  }
  if (isThenable(result)) {
    result.then(undefined, () => undefined);
    throw new FunctionFault(which, new TypeError('it returned a promise; it takes a function that is not async'));
  }
  return result;
}
